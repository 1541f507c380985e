#include <envlock/base/path.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("paths are resolved lexically and never climb above the root") {
    CHECK(resolve_lexically("/a/b", "../../../etc/x") == "/etc/x");
    CHECK(resolve_lexically("/a/b", "c/./d//e") == "/a/b/c/d/e");
    CHECK(resolve_lexically("/a", "/b") == "/b");
    CHECK(resolve_lexically("/", "..") == "/");
}

TEST_CASE("below tells inside from outside, not by text prefix") {
    CHECK(below("/a/b", "/a/b/c") == "c");
    CHECK(below("/a/b", "/a/b") == "");
    CHECK_FALSE(below("/a/b", "/a/bc"));
    CHECK_FALSE(below("/a/b", "/a/b/../c"));
    CHECK(below("/", "/x") == "x");
}
