#include <envlock/version/pep440.hpp>

#include "support/catch.hpp"

using namespace envlock;

namespace {
std::string normal(std::string_view text) {
    const auto version = parse_pep440(text);
    return version ? canonical(*version) : "(none)";
}
}  // namespace

TEST_CASE("every spelling of a version has one normal form") {
    CHECK(normal("v1.0") == "1.0");
    CHECK(normal(" 1.0\n") == "1.0");
    CHECK(normal("1.0-ALPHA.1") == "1.0a1");
    CHECK(normal("1.0c3") == "1.0rc3");
    CHECK(normal("1.0preview") == "1.0rc0");
    CHECK(normal("1.0-1") == "1.0.post1");
    CHECK(normal("1.0rev7") == "1.0.post7");
    CHECK(normal("1.0r") == "1.0.post0");
    CHECK(normal("1.0_dev") == "1.0.dev0");
    CHECK(normal("4.21.0_rc_1") == "4.21.0rc1");
    CHECK(normal("2015.04.28") == "2015.4.28");
    CHECK(normal("0!1.0") == "1.0");
    CHECK(normal("1!1.0b2-346.dev4+Ubuntu-01_x") == "1!1.0b2.post346.dev4+ubuntu.1.x");
    CHECK(canonical_key(*parse_pep440("1.0.0")) == "1");
    CHECK(canonical_key(*parse_pep440("0.0")) == "0");
}

TEST_CASE("what is not PEP 440 is refused") {
    for (const auto* bad : {"", " ", "v", "1.x", "1..0", "1.0+", "1.0+a+b", "1.0+_x", "2004d-1-2", "1!", "!1", "french toast", "1.0 1.0",
                            "1.0a1a1", "1.0-1-1", "1.0.dev1.post1", "1.0\xc2\xa0"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_pep440(bad));
    }
    CHECK_FALSE(parse_pep440("1." + std::string(600, '0')));
}

TEST_CASE("development, pre-release, final and post-release come in this order") {
    const auto* order = GENERATE(as<const char*>{}, "1.0.dev1 1.0a1.dev1", "1.0a1.dev1 1.0a1", "1.0a1 1.0a1.post1", "1.0a2 1.0b1", "1.0b9 1.0rc1",
                                 "1.0rc1 1.0", "1.0 1.0+a", "1.0+a 1.0+a.1", "1.0+a.1 1.0+1", "1.0+9 1.0+10", "1.0+10 1.0.post1.dev1",
                                 "1.0.post1.dev1 1.0.post1", "1.9 1.10", "9999 1!0",
                                 "1.99999999999999999999999998 1.99999999999999999999999999");
    const std::string_view both(order);
    const auto space = both.find(' ');
    CAPTURE(order);

    CHECK(compare_versions(both.substr(0, space), both.substr(space + 1)) == -1);
    CHECK(compare_versions(both.substr(space + 1), both.substr(0, space)) == 1);
}

TEST_CASE("equal versions compare equal whatever their spelling, legacy ones have no order") {
    CHECK(compare_versions("1", "1.0.0") == 0);
    CHECK(compare_versions("1.0rc1", "1.0-c-01") == 0);
    CHECK(compare_versions("2004d/x", "2004d/x") == 0);
    CHECK(compare_versions("2004d/x", "2004e/x") == 2);
    CHECK(compare_versions("1.0", "1.x") == 2);
}

TEST_CASE("a version has six levels, and one when it is not PEP 440") {
    using Levels = std::vector<std::pair<std::string, std::string>>;

    CHECK(version_levels("1.26.4") == Levels{{"epoch", "0"}, {"major", "1"}, {"minor", "26"}, {"micro", "4"}, {"pre", ""}, {"local", ""}});
    CHECK(version_levels("2") == version_levels("2.0.0"));
    CHECK(version_levels("1!2.3.0.4.0-RC.1.post2+CU121") ==
          Levels{{"epoch", "1"}, {"major", "2"}, {"minor", "3"}, {"micro", "0.4"}, {"pre", "rc1.post2"}, {"local", "cu121"}});
    CHECK(version_levels("unknown") == Levels{{"value", "unknown"}});
}
