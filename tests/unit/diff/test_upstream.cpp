#include "diff/upstream.hpp"

#include "support/catch.hpp"

using namespace envlock;
using namespace envlock::diff_detail;

namespace {

Component demo(std::map<std::string, Fact> facts) {
    Component out;
    out.key = "demo";
    out.facts = std::move(facts);
    return out;
}

bool changed(const Component& before, const Component& after) { return !publisher_change(before, after).before.empty(); }

}  // namespace

TEST_CASE("another publisher, or none where there was one, is a change; not having asked is none") {
    const auto known = demo({{"publisher", std::string("GitHub a/b release.yml")}, {"publisherState", std::string("bound")}});

    CHECK(changed(known, demo({{"publisher", std::string("GitHub evil/b release.yml")}, {"publisherState", std::string("bound")}})));
    CHECK(publisher_change(known, demo({{"publisherState", std::string("none")}})).after == "none");
    CHECK_FALSE(changed(known, known));
    CHECK_FALSE(changed(known, demo({})));
    CHECK_FALSE(changed(demo({}), known));
}

TEST_CASE("a file known to be published with a wrong hash is not new to a side that did not ask") {
    LayerSnapshot before;
    before.notes = {{"PY025", "demo", "demo/a.py", "expected x, found y"}};

    CHECK(has_note(before, {"PY010", "demo", "demo/a.py", "expected x, found y"}));
    CHECK_FALSE(has_note(before, {"PY010", "demo", "demo/a.py", "expected x, found z"}));
    CHECK_FALSE(has_note(before, {"PY011", "demo", "demo/a.py", "expected x, found y"}));
}
