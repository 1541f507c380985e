#include <envlock/pylock/requirement.hpp>

#include "support/catch.hpp"

using namespace envlock;
using pylock::parse_requirement;
using pylock::pinned_version;

TEST_CASE("a requirement is taken apart") {
    const auto plain = parse_requirement("Foo.Bar[Docs, x_y] >=1, <2 ; os_name == 'posix'");
    const auto old = parse_requirement("foo (==1.0)");
    const auto url = parse_requirement("foo @ https://u:secret@index.example/a;b/foo.zip ; os_name == 'posix'");

    REQUIRE(plain);
    CHECK(plain->name == "foo-bar");
    CHECK(plain->extras == std::vector<std::string>{"docs", "x-y"});
    CHECK(plain->specifier == ">=1, <2");
    CHECK(plain->marker == "os_name == 'posix'");
    REQUIRE(old);
    CHECK(old->specifier == "==1.0");
    REQUIRE(url);
    CHECK(url->url == "https://u:secret@index.example/a;b/foo.zip");
    CHECK(url->marker == "os_name == 'posix'");
}

TEST_CASE("what is no requirement is refused") {
    for (const auto* bad : {"", "-e .", "./x", "foo 1.0", "foo==", "foo[a", "foo @", "foo @ a b", "foo-", "${NAME}==1", "foo=1.0"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_requirement(bad));
    }
}

TEST_CASE("only one exact clause is a pin") {
    CHECK(pinned_version("==1.0") == "1.0");
    CHECK(pinned_version("=== 1.0-legacy") == "1.0-legacy");
    CHECK(pinned_version("==1.*").empty());
    CHECK(pinned_version("==1.0,<2").empty());
    CHECK(pinned_version(">=1.0").empty());
    CHECK(pinned_version("").empty());
}
