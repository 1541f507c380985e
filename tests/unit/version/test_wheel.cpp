#include <envlock/version/wheel.hpp>

#include "support/catch.hpp"

using namespace envlock;
using Tags = std::vector<std::string>;

TEST_CASE("compressed tags stand for their product") {
    CHECK(expand_tags("py2.py3-none-any") == Tags{"py2-none-any", "py3-none-any"});
    CHECK(expand_tags("CP39.cp39-abi3-Win32") == Tags{"cp39-abi3-win32"});
    CHECK(expand_tags("py3-none").empty());
    CHECK(expand_tags("py3..py2-none-any").empty());
    CHECK(expand_tags("py3-none-../any").empty());
}

TEST_CASE("a tag that would stand for too many is refused") {
    std::string many = "a";
    for (int i = 0; i < 40; ++i) many += ".a";

    CHECK(expand_tags(many + "-" + many + "-any").empty());
}

TEST_CASE("wheel names are taken apart") {
    const auto wheel = parse_wheel_name("Foo_Bar.x-4.21.0_rc_1-1abc-py3.py2-none-any.whl");

    REQUIRE(wheel);
    CHECK(wheel->name == "foo-bar-x");
    CHECK(wheel->version == "4.21.0_rc_1");
    CHECK(wheel->build == "1abc");
    CHECK(wheel->tags == Tags{"py2-none-any", "py3-none-any"});
}

TEST_CASE("names that are no wheel, or could be a path, are refused") {
    for (const auto* bad : {"", ".whl", "foo-1.0.whl", "foo-1.0-py3-none-any.wheel", "foo__bar-1.0-py3-none-any.whl", "foo-1.x-py3-none-any.whl",
                            "foo-1.0-abc-py3-none-any.whl", "foo-1.0-200-py3-none-any-junk.whl", "../foo-1.0-py3-none-any.whl",
                            "foo-1.0-1/../x-py3-none-any.whl", "foo- 1.0-py3-none-any.whl"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_wheel_name(bad));
    }
}

TEST_CASE("the project tells where the name of a source distribution ends") {
    CHECK(parse_sdist_name("example-1-1.0.0.tar.gz", "example-1")->version == "1.0.0");
    CHECK_FALSE(parse_sdist_name("example-1-1.0.0.tar.gz", "example"));
    CHECK(parse_sdist_name("zope.interface-5.0.zip", "zope-interface")->version == "5.0");
    CHECK_FALSE(parse_sdist_name("foo-1.0.xz", "foo"));
    CHECK_FALSE(parse_sdist_name("foo1.0.tar.gz", "foo"));
    CHECK_FALSE(parse_sdist_name("foo-1.x.tar.gz", "foo"));
}
