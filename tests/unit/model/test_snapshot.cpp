#include <envlock/model/snapshot.hpp>

#include "support/catch.hpp"

using namespace envlock;

namespace {
Component make(std::string key, std::string version) {
    Component c;
    c.key = std::move(key);
    c.kind = "distribution";
    c.version = version;
    c.path = {{"major", std::move(version)}};
    return c;
}
}  // namespace

TEST_CASE("freezing sorts, names copies apart and drops equal notes") {
    LayerSnapshot seen{.layer = "python", .components = {make("b", "1"), make("a", "1"), make("b", "2")}, .notes = {{"", "", "x", "y"}, {"", "", "x", "y"}}};

    freeze(seen);

    REQUIRE(seen.components.size() == 3);
    CHECK(seen.components[0].key == "a");
    CHECK(seen.components[1].key == "b");
    CHECK(seen.components[2].key == "b#2");
    CHECK(seen.notes.size() == 1);
    CHECK(seen.find("b#2")->version == "2");
}

TEST_CASE("a component's digest depends on what it is, not on how that was found out") {
    auto one = make("numpy", "1");
    auto two = one;
    two.facts["installer"] = std::string("uv");
    two.evidence = Evidence::proved;
    two.artifact = Artifact{.filename = "numpy-1-py3-none-any.whl"};
    CHECK(component_digest(one) == component_digest(two));

    two.digests["record"] = "sha256:00";
    CHECK(component_digest(one) != component_digest(two));
}
