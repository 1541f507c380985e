#include <envlock/sign/dsse.hpp>

#include "support/catch.hpp"

using namespace envlock;
using sign::parse_signatures;

namespace {
std::string envelope(const std::string& signatures) { return R"({"payloadType": "application/vnd.in-toto+json", "signatures": [)" + signatures + "]}"; }
}  // namespace

TEST_CASE("the pre-authentication encoding is DSSE's own example") {
    CHECK(sign::pre_authentication_encoding("http://example.com/HelloWorld", "hello world") == "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

TEST_CASE("no shift of the border between type and body gives the same encoding") {
    CHECK(sign::pre_authentication_encoding("a 3 abc", "") != sign::pre_authentication_encoding("a", "abc 0 "));
}

TEST_CASE("what was written is read back") {
    const std::vector<sign::Signature> two{{"SHA256:x", std::string("\0\xff\x01", 3)}, {"", "y"}};

    CHECK(parse_signatures(sign::encode_signatures(two), "s") == two);
}

TEST_CASE("a signature with bad base64 is skipped, both alphabets are read, unknown members are ignored") {
    const auto seen = parse_signatures(envelope(R"({"sig": "!!"}, {"sig": "AP8B"}, {"sig": "-_8="}, {"sig": "AP 8B"}, {"sig": "AP8"}, {"keyid": "k", "extra": 1})"), "s");

    REQUIRE(seen);
    REQUIRE(seen->size() == 2);
    CHECK((*seen)[1].bytes == "\xfb\xff");
}

TEST_CASE("an envelope that is none is refused with a reason") {
    std::string many;
    for (int i = 0; i < 33; ++i) many += std::string(i > 0 ? "," : "") + R"({"sig": "AP8B"})";
    for (const auto& text : {std::string(), std::string("[]"), std::string(R"({"signatures": []})"), std::string(R"({"payloadType": "text/plain", "signatures": []})"),
                             envelope("").insert(1, R"("payloadType": "x",)"), envelope("") + "{}", envelope(many), std::string(200'000, '[')}) {
        const auto seen = parse_signatures(text, "s");
        REQUIRE_FALSE(seen);
        CHECK(seen.error().code == ErrorCode::signature_malformed);
    }
}
