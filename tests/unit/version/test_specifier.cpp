#include <envlock/version/specifier.hpp>

#include "support/catch.hpp"

using namespace envlock;

namespace {

bool holds(std::string_view version, std::string_view specifiers) {
    const auto parsed = parse_specifiers(specifiers);
    REQUIRE(parsed);
    return satisfies(version, *parsed);
}

}  // namespace

TEST_CASE("a version is held against every clause") {
    CHECK(holds("3.11.7", ">=3.9, <3.12, !=3.10.*"));
    CHECK_FALSE(holds("3.10.2", ">=3.9,<3.12,!=3.10.*"));
    CHECK(holds("1.0", ""));
    CHECK(holds("2.1.0+cu121", "==2.1"));
    CHECK_FALSE(holds("2.1.0", "==2.1+cu121"));
    CHECK(holds("2.2.9", "~=2.2.1"));
    CHECK_FALSE(holds("2.3", "~=2.2.1"));
    CHECK(holds("legacy-1", "===Legacy-1"));
    CHECK_FALSE(holds("legacy-1", ">=0"));
}

TEST_CASE("a limit does not let its own pre-releases, post-releases and local versions through") {
    CHECK_FALSE(holds("1.0rc1", "<1.0"));
    CHECK(holds("1.0a1", "<1.0b1"));
    CHECK_FALSE(holds("1.0.post1", ">1.0"));
    CHECK_FALSE(holds("1.0+local", ">1.0"));
    CHECK(holds("1.0.1", ">1.0"));
}

TEST_CASE("what is no specifier is refused") {
    for (const auto* bad : {"3.8", "=3.8", ">=", ">=dog", "~=1", ">=1.0+local", "==1.0a1.*", ">=1.*", "=== a b", ">=1 <2"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_specifiers(bad));
    }
    std::string many;
    for (int i = 0; i < 1000; ++i) many += ">=1,";
    CHECK_FALSE(parse_specifiers(many));
}
