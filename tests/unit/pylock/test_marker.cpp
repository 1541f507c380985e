#include <envlock/pylock/marker.hpp>

#include "sample.hpp"

using namespace envlock;
using pylock::Marker;
using pylock::Truth;

namespace {

Truth here(const std::string& text) {
    const auto marker = Marker::parse(text);
    INFO(text);
    REQUIRE(marker);
    return marker->holds(test::linux_311());
}

}  // namespace

TEST_CASE("a marker is evaluated with and before or, and brackets before both") {
    CHECK(here("os_name == 'nt' and python_version > '3' or sys_platform == 'linux'") == Truth::yes);
    CHECK(here("os_name == 'nt' and (python_version > '3' or sys_platform == 'linux')") == Truth::no);
    CHECK(here("sys_platform=='linux'and(os_name=='posix')") == Truth::yes);
    CHECK(here("'linux' in sys_platform and 'win' not   in sys_platform") == Truth::yes);
}

TEST_CASE("versions are compared as versions, on either side, and texts only for being equal") {
    CHECK(here("python_version >= '3.9'") == Truth::yes);
    CHECK(here("python_version < '3.9'") == Truth::no);
    CHECK(here("'3.9' <= python_full_version") == Truth::yes);
    CHECK(here("python_full_version ~= '3.11.2'") == Truth::yes);
    CHECK(here("python_version == '3.*'") == Truth::yes);
    CHECK(here("python_full_version === '3.11.7'") == Truth::yes);
    CHECK(here("python_version in '3.10, 3.11'") == Truth::yes);
    CHECK(here("sys_platform > 'aaa'") == Truth::no);
    CHECK(here("sys_platform >= 'linux'") == Truth::yes);
    CHECK(here("platform_python_implementation == 'CPython'") == Truth::yes);
}

TEST_CASE("what is not known is unknown, unless the rest decides") {
    CHECK(here("platform_release >= '5'") == Truth::unknown);
    CHECK(here("platform_release >= '5' or os_name == 'posix'") == Truth::yes);
    CHECK(here("platform_release >= '5' and os_name == 'nt'") == Truth::no);
    CHECK(here("platform_release >= '5' and os_name == 'posix'") == Truth::unknown);
    CHECK(here("extra == 'docs'") == Truth::unknown);
    CHECK(here("'docs' in extras") == Truth::unknown);
    CHECK(here("sys_platform ~= 'linux'") == Truth::unknown);
    CHECK(pylock::marker_holds("", test::linux_311()) == Truth::yes);
    CHECK(pylock::marker_holds("no marker", test::linux_311()) == Truth::unknown);
}

TEST_CASE("extras and groups are sets of normalised names") {
    auto environment = test::linux_311();
    environment.extras.emplace().insert("all-of-it");
    environment.dependency_groups.emplace();
    environment.variables["extra"] = "all.of_it";
    const auto holds = [&](const std::string& text) { return Marker::parse(text)->holds(environment); };

    CHECK(holds("'All_of.it' in extras") == Truth::yes);
    CHECK(holds("'x' not in extras") == Truth::yes);
    CHECK(holds("'dev' in dependency_groups") == Truth::no);
    CHECK(holds("extra == 'ALL-OF-IT'") == Truth::yes);
    CHECK(holds("extras == 'x'") == Truth::unknown);
    CHECK(holds("extras in 'x'") == Truth::unknown);
}

TEST_CASE("what is no marker is refused") {
    for (const auto* bad : {"", "os_name", "os_name ==", "== 'x'", "os_name = 'x'", "os_name == posix", "os_name == 'x", "os_name == 'x' and", "os_name is 'x'",
                            "os_name == 'a\\n'", "os_name == 'x' os_name == 'y'", "(os_name == 'x'", "os_name == 'x')", "os_name not 'x'", "python == '3'"}) {
        CAPTURE(bad);
        CHECK_FALSE(Marker::parse(bad));
    }
    CHECK_FALSE(Marker::parse(std::string(100'000, '(')));
    CHECK_FALSE(Marker::parse(std::string(100, '(') + "os_name == 'x'" + std::string(100, ')')));
    CHECK(Marker::parse(std::string(60, '(') + "os_name == 'x'" + std::string(60, ')')));
}

TEST_CASE("one marker has one normal form") {
    const auto text = [](const std::string& marker) { return Marker::parse(marker)->text(); };

    CHECK(text("((os.name=='posix'))or(sys_platform  ==  'linux' and 'x' not  in platform_machine)") ==
          "os_name == \"posix\" or sys_platform == \"linux\" and \"x\" not in platform_machine");
    CHECK(text("(os_name == 'a' or os_name == 'b') and os_name == '\"'") == "(os_name == \"a\" or os_name == \"b\") and os_name == '\"'");
}
