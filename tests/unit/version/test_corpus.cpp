// The published test vectors, when a corpus is at hand (ENVLOCK_CORPUS).
#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/pep440.hpp>
#include <envlock/version/specifier.hpp>
#include <envlock/version/wheel.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace envlock;

namespace {

std::optional<std::string> corpus(const std::string& path) {
    const auto* root = std::getenv("ENVLOCK_CORPUS");
    if (root == nullptr) return std::nullopt;
    std::ifstream file(std::string(root) + "/python/" + path, std::ios::binary);
    REQUIRE(file);
    return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

std::optional<json::Value> vectors(const std::string& path) {
    const auto text = corpus(path);
    if (!text) return std::nullopt;
    auto value = json::parse(*text, {}, path);
    REQUIRE(value);
    return *std::move(value);
}

// By value: a range-for keeps its own temporary alive, not one that it points into.
json::Array list(const std::string& path) {
    const auto value = vectors(path);
    return value ? *value->array() : json::Array();
}

}  // namespace

TEST_CASE("corpus: names are normalised and refused as published") {
    const auto names = vectors("names/canonical_names.json");
    if (!names) return;
    for (const auto& row : *names->find("valid")->array()) CHECK(normalize_name(row.text("input")) == row.text("normal"));
    for (const auto& bad : *names->find("invalid")->array()) CHECK_FALSE(is_valid_name(*bad.string()));
}

TEST_CASE("corpus: versions are normalised and refused as published") {
    const auto normal = vectors("pep440/normalization.json");
    if (!normal) return;
    for (const auto& row : *normal->array()) {
        // One row holds its white space as the escapes of the language it was copied from.
        if (row.text("input").find('\\') != std::string_view::npos) continue;
        const auto version = parse_pep440(row.text("input"));
        CAPTURE(std::string(row.text("input")));
        REQUIRE(version);
        CHECK(canonical(*version) == row.text("normal"));
    }
    for (const auto& bad : list("pep440/invalid_versions.json")) CHECK_FALSE(parse_pep440(*bad.string()));
    for (const auto& good : list("pep440/valid_versions.json")) CHECK(parse_pep440(*good.string()));
    for (const auto& row : list("pep440/canonical_versions.json")) {
        const auto version = parse_pep440(row.text("input"));
        CHECK((version ? canonical_key(*version) : std::string(row.text("input"))) == row.text("normal"));
    }
}

TEST_CASE("corpus: every pair of the ordered versions compares as listed") {
    const auto listed = vectors("pep440/versions_in_order.json");
    if (!listed) return;
    const auto& versions = *listed->find("versions")->array();
    for (std::size_t i = 0; i < versions.size(); ++i) {
        for (std::size_t j = 0; j < versions.size(); ++j) {
            INFO(*versions[i].string() << " against " << *versions[j].string());
            CHECK(compare_versions(*versions[i].string(), *versions[j].string()) == (i < j ? -1 : i > j ? 1 : 0));
        }
    }
}

TEST_CASE("corpus: a version satisfies a specifier exactly where it is published to") {
    const auto answer = [](std::string_view version, std::string_view specifier) {
        const auto parsed = parse_specifiers(specifier);
        INFO(std::string(version) << " against " << std::string(specifier));
        REQUIRE(parsed);
        return satisfies(version, *parsed);
    };
    for (const bool expected : {true, false}) {
        for (const auto& row : list(expected ? "pep440/specifier_true.json" : "pep440/specifier_false.json")) {
            INFO(std::string(row.text("version")) << " against " << std::string(row.text("specifier")));
            CHECK(answer(row.text("version"), row.text("specifier")) == expected);
        }
    }
    const auto matrix = vectors("pep440/specifier_matrix.json");
    if (!matrix) return;
    const auto& versions = *matrix->find("versions")->array();
    const auto& specifiers = *matrix->find("specifiers")->array();
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const auto& row = *(*matrix->find("contains")->array())[i].array();
        for (std::size_t j = 0; j < specifiers.size(); ++j) {
            INFO(*versions[i].string() << " against " << *specifiers[j].string());
            CHECK(answer(*versions[i].string(), *specifiers[j].string()) == *row[j].boolean());
        }
    }
}

TEST_CASE("corpus: wheel and sdist names are read as published") {
    const auto names = vectors("wheel-filenames/packaging.json");
    if (!names) return;
    for (const auto& row : *names->find("valid")->array()) {
        const auto wheel = parse_wheel_name(row.text("filename"));
        CAPTURE(std::string(row.text("filename")));
        // packaging takes letters of any alphabet; PEP 508 and the indexes do not.
        if (std::ranges::any_of(row.text("filename"), [](char c) { return static_cast<unsigned char>(c) > 0x7F; })) continue;
        REQUIRE(wheel);
        CHECK(wheel->name == row.text("name"));
        CHECK(wheel->version == row.text("version"));
        CHECK(wheel->build == row.text("build"));
        CHECK(wheel->tags.size() == row.find("tags")->array()->size());
    }
    for (const auto& row : *names->find("invalid")->array()) CHECK_FALSE(parse_wheel_name(row.text("filename")));
    for (const auto& row : *names->find("unsorted_tags_valid")->array()) CHECK(parse_wheel_name(*row.string()));
    for (const auto& row : *names->find("sdist_valid")->array()) {
        const auto sdist = parse_sdist_name(row.text("filename"), row.text("name"));
        REQUIRE(sdist);
        CHECK(sdist->version == row.text("version"));
    }
    for (const auto& row : *names->find("sdist_invalid")->array()) CHECK_FALSE(parse_sdist_name(*row.string(), "foo"));
    const auto others = vectors("wheel-filenames/uv.json");
    for (const auto& row : *others->find("valid")->array()) CHECK(parse_wheel_name(row.text("filename")));
    for (const auto& row : *others->find("invalid")->array()) CHECK_FALSE(parse_wheel_name(row.text("filename")));
}

TEST_CASE("corpus: file names that an index really serves are all understood") {
    const auto text = corpus("wheel-filenames/real_on_pypi.txt");
    if (!text) return;
    std::size_t wheels = 0, refused = 0;
    for (const auto line : split_lines(*text)) {
        // Rows with "[X]" are placeholders of a snapshot, which pip refuses as well.
        if (!line.ends_with(".whl") || line.find('[') != std::string_view::npos) continue;
        ++wheels;
        if (!parse_wheel_name(line)) {
            ++refused;
            UNSCOPED_INFO(line);
        }
    }
    CHECK(wheels > 1000);
    CHECK(refused == 0);
}
