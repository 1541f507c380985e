#include <envlock/version/name.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("project names fold case and runs of separators") {
    CHECK(normalize_name("Friendly-Bard") == "friendly-bard");
    CHECK(normalize_name("FrIeNdLy-._.-bArD") == "friendly-bard");
    CHECK(normalize_name("zope.interface") == "zope-interface");
    CHECK(normalize_name("") == "");
}

TEST_CASE("names that are no project names are told apart") {
    CHECK(is_valid_name("a"));
    CHECK(is_valid_name("ruamel.yaml"));
    for (const auto* bad : {"", "_a", "a-", "a b", "a\n", "..", "a/b", "b\xc3\xa1r"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_name(bad));
    }
}
