#include <envlock/diff/rules.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <set>

using namespace envlock;

TEST_CASE("every rule has an id of a known family, a title, an explanation and a fix, and ids are sorted and unique") {
    std::set<std::string_view> seen;
    for (const auto& rule : rules()) {
        INFO(rule.id);
        CHECK(seen.insert(rule.id).second);
        CHECK(rule.id.find_first_of("0123456789") >= 2);
        CHECK_FALSE(rule.title.empty());
        CHECK(rule.title.back() != '.');
        CHECK(rule.explanation.size() > 20);
        CHECK(rule.explanation.back() == '.');
        CHECK(rule.fix.size() > 10);
        CHECK(rule.title.size() < 1024);
    }
    CHECK(std::ranges::is_sorted(rules(), {}, &Rule::id));
}

TEST_CASE("a rule is found in either case, and an unknown one is not") {
    REQUIRE(find_rule("py106") != nullptr);
    CHECK(find_rule("py106")->severity == Severity::critical);
    CHECK(find_rule("PY999") == nullptr);
}

TEST_CASE("values with braces are put in once and not looked at again") {
    CHECK(fill_in("install {component}=={before} not {after}", "{after}", "1", "") == "install {after}==1 not (absent)");
    CHECK(fill_in("{other} {", "a", "b", "c") == "{other} {");
}
