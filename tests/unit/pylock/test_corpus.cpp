// Files and vectors that others wrote, when a corpus is at hand (ENVLOCK_CORPUS).
#include "sample.hpp"

#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>
#include <envlock/pylock/marker.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace envlock;
using namespace envlock::test;

namespace {

std::string corpus_folder() {
    const auto* root = std::getenv("ENVLOCK_CORPUS");
    if (root == nullptr) WARN("skipped: ENVLOCK_CORPUS is not set");
    return root == nullptr ? std::string() : root;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {(std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>()};
}

std::vector<std::filesystem::path> files_in(const std::string& folder) {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

// Each package as "name version hash hash …", for the oracle.
std::string summary(const pylock::ProjectLock& lock) {
    std::vector<std::string> lines;
    for (const auto& each : lock.packages) {
        if (each.name.empty()) continue;
        std::vector<std::string> hashes;
        for (const auto& file : each.files) {
            for (const auto& [algorithm, hex] : file.hashes) hashes.push_back(" " + algorithm + ":" + hex);
        }
        std::ranges::sort(hashes);
        auto line = each.name + " " + each.version;
        for (const auto& hash : hashes) line += hash;
        lines.push_back(std::move(line));
    }
    std::ranges::sort(lines);
    std::string out;
    for (const auto& line : lines) out += line + "\n";
    return out;
}

}  // namespace

TEST_CASE("corpus: markers are evaluated, refused and written as published") {
    const auto root = corpus_folder();
    if (root.empty()) return;
    const auto vectors = json::parse(text_of(root + "/python/markers/packaging.json"), {}, "markers");
    REQUIRE(vectors);
    for (const auto& row : *vectors->find("evaluate")->array()) {
        auto environment = linux_311();
        for (const auto& [name, value] : *row.find("environment")->object()) environment.variables[name] = *value.string();
        const auto marker = pylock::Marker::parse(row.text("marker"));
        INFO(std::string(row.text("marker")));
        REQUIRE(marker);
        CHECK(marker->holds(environment) == (*row.find("expected")->boolean() ? pylock::Truth::yes : pylock::Truth::no));
    }
    for (const auto& bad : *vectors->find("invalid")->array()) {
        INFO(*bad.string());
        CHECK_FALSE(pylock::Marker::parse(*bad.string()));
    }
    for (const auto& row : *vectors->find("canonical")->array()) CHECK(pylock::Marker::parse(row.text("input"))->text() == row.text("normal"));
}

TEST_CASE("corpus: every variable, operator and value make a marker, either way round") {
    const auto root = corpus_folder();
    if (root.empty()) return;
    const auto vectors = json::parse(text_of(root + "/python/markers/packaging.json"), {}, "markers");
    REQUIRE(vectors);
    for (const auto* key : {"variables", "legacy_variables"}) {
        for (const auto& variable : *vectors->find(key)->array()) {
            for (const auto& op : *vectors->find("operators")->array()) {
                for (const auto& value : *vectors->find("values")->array()) {
                    const auto quoted = "'" + *value.string() + "'";
                    CHECK(pylock::Marker::parse(*variable.string() + " " + *op.string() + " " + quoted));
                    CHECK(pylock::Marker::parse(quoted + " " + *op.string() + " " + *variable.string()));
                }
            }
        }
    }
}

TEST_CASE("corpus: every pylock.toml is read, and the invalid ones are refused") {
    const auto root = corpus_folder();
    if (root.empty()) return;
    for (const auto& path : files_in(root + "/python/pylock")) {
        if (path.extension() != ".toml") continue;
        const auto name = path.filename().string();
        const auto lock = pylock::parse_lock(pylock::LockKind::pylock, text_of(path), name, no_files());
        INFO(name << (lock ? "" : ": " + to_line(lock.error())));
        const bool invalid = name == "pip-pylock.invalid.toml";
        CHECK(lock.has_value() != invalid);
        if (lock) CHECK_FALSE(lock->packages.empty());
    }
}

TEST_CASE("corpus: every requirements file is read, and a pin stays a pin") {
    const auto root = corpus_folder();
    if (root.empty()) return;
    std::size_t files = 0, pins = 0, hashes = 0;
    for (const auto* folder : {"/requirements", "/python/requirements-lock"}) {
        for (const auto& path : files_in(root + folder)) {
            if (path.extension() == ".tsv") continue;
            const auto lock = pylock::parse_lock(pylock::LockKind::requirements, text_of(path), "requirements.txt", no_files());
            INFO(path << (lock ? "" : ": " + to_line(lock.error())));
            REQUIRE(lock);
            ++files;
            pins += lock->packages.size();
            for (const auto& each : lock->packages) hashes += each.files.size();
        }
    }
    CHECK(files > 80);
    CHECK(pins > 3000);
    CHECK(hashes > 4000);
}

// Writes what was read where an oracle can compare it (tests/oracle_pylock.py).
TEST_CASE("corpus: names, versions and hashes of every TOML lock are those that another parser finds") {
    const auto root = corpus_folder();
    const auto* const python = std::getenv("ENVLOCK_PYTHON");
    if (root.empty()) return;
    const auto out = std::filesystem::temp_directory_path() / "envlock-pylock-oracle.txt";
    std::ofstream file(out, std::ios::binary);
    for (const auto* folder : {"/python/uv-lock", "/python/pylock"}) {
        for (const auto& path : files_in(root + folder)) {
            const auto kind = path.filename().string().ends_with("uv.lock") ? pylock::LockKind::uv : pylock::LockKind::pylock;
            const auto lock = pylock::parse_lock(kind, text_of(path), "uv.lock", no_files());
            if (lock) file << "= " << path.string() << "\n" << summary(*lock);
        }
    }
    file.close();
    const auto command = std::string(python == nullptr ? "python3" : python) + " " ENVLOCK_SOURCE_DIR "/tests/oracle_pylock.py " + out.string();

    const auto code = std::system(command.c_str());  // NOLINT(cert-env33-c,concurrency-mt-unsafe): a test runs its own script

    CHECK(code == 0);
    std::filesystem::remove(out);
}
