#include <envlock/codec/manifest_codec.hpp>

#include <envlock/base/text.hpp>

#include "support/catch.hpp"
#include "support/sample_manifest.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace envlock;
using test::sample_manifest;

namespace {
std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}
ErrorCode refused(const std::string& text) {
    const auto seen = decode_manifest(text, "envlock.lock");
    return seen ? ErrorCode::last_ : seen.error().code;
}
}  // namespace

TEST_CASE("what is written is read back, and written again byte for byte") {
    const auto bytes = encode_manifest(sample_manifest());

    const auto read = decode_manifest(bytes, "envlock.lock");

    REQUIRE(read);
    CHECK(*read == sample_manifest());
    CHECK(encode_manifest(*read) == bytes);
}

TEST_CASE("the golden manifest is what is written") {
    const std::string path = ENVLOCK_SOURCE_DIR "/fixtures/golden/manifest.lock";
    const auto bytes = encode_manifest(sample_manifest());
    if (std::getenv("ENVLOCK_TEST_ACCEPT") != nullptr) {
        std::ofstream(path, std::ios::binary) << bytes;
        FAIL("golden file written; run again without ENVLOCK_TEST_ACCEPT");
    }
    std::ifstream file(path, std::ios::binary);

    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == bytes);
}

TEST_CASE("one component stands on one line, and its line is known") {
    const auto bytes = encode_manifest(sample_manifest());
    const auto lines = split_lines(bytes);

    const auto where = component_lines(bytes);

    REQUIRE(where.contains("python/numpy"));
    const auto line = lines[static_cast<std::size_t>(where.at("python/numpy") - 1)];
    CHECK(line.find("\"key\": \"numpy\"") != std::string_view::npos);
    CHECK(line.find("\"sha256\": \"bbbb") != std::string_view::npos);
    CHECK(where.contains("cuda/driver"));
}

TEST_CASE("bytes that are not UTF-8 are escaped, and still decode") {
    auto manifest = sample_manifest();
    manifest.layers[0].components[0].version = "1.0\xff";
    manifest.layers[0].notes[0].detail = "\xc3(";

    CHECK(decode_manifest(encode_manifest(manifest), "x"));
}

TEST_CASE("a digest that does not fit its content is refused by name") {
    const auto bytes = encode_manifest(sample_manifest());

    const auto seen = decode_manifest(replaced(bytes, "minor=26", "minor=27"), "envlock.lock");

    REQUIRE_FALSE(seen);
    CHECK(seen.error().code == ErrorCode::manifest_malformed);
    CHECK(seen.error().detail.find("numpy") != std::string::npos);
}

TEST_CASE("other documents are unsupported or malformed, never half read") {
    const auto bytes = encode_manifest(sample_manifest());
    CHECK(refused(replaced(bytes, "urn:envlock:manifest:v1", "urn:envlock:manifest:v2")) == ErrorCode::manifest_unsupported);
    CHECK(refused(replaced(bytes, "in-toto.io/Statement/v1", "in-toto.io/Statement/v9")) == ErrorCode::manifest_unsupported);
    CHECK(refused(replaced(bytes, "\"sequence\": 3", "\"sequence\": 3.5")) != ErrorCode::last_);
    CHECK(refused(replaced(bytes, "\"sequence\": 3", "\"sequence\": 3, \"sequence\": 4")) != ErrorCode::last_);
    CHECK(refused(bytes + "{}") != ErrorCode::last_);
    CHECK(refused("") != ErrorCode::last_);
    CHECK(refused("{}") != ErrorCode::last_);
    CHECK(refused(std::string(200'000, '[')) != ErrorCode::last_);
}
