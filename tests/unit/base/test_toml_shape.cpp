#include <envlock/base/toml_shape.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("a dotted key of very many parts and very deep brackets are seen before a parser recurses on them") {
    std::string dots;
    for (int i = 0; i < 40; ++i) dots += " . \"a\"";

    CHECK(toml_trouble("\n\na" + dots + " = 1\n") == "line 3: a key has more than 32 parts");
    CHECK(toml_trouble("[a" + dots + "]\n"));
    CHECK(toml_trouble("a = {b = 1, a" + dots + " = 1}\n"));
    CHECK(toml_trouble("a = " + std::string(33, '[')) == "line 1: brackets nest deeper than 32");
    CHECK(toml_trouble("a = [\n{ b" + dots + " = 1 }]\n"));
}

TEST_CASE("dots and brackets in strings, comments and values of a list are no keys") {
    const std::string dots(500, '.');
    std::string list;
    for (int i = 0; i < 100; ++i) list += "1.5, {url = 'a.b.c'},";

    for (const auto& text : {"a = \"" + dots + "\\\"" + dots + "[[[\"\n", "a = '" + dots + "'\n", "# " + dots + "\n",
                             "a = \"\"\"" + dots + "\n\\\"\"\"" + dots + "\"\"\"\"\"\nb = 1", "a = '''" + dots + "'" + dots + "''''\n", "a = [" + list + "]"}) {
        CAPTURE(text);
        CHECK_FALSE(toml_trouble(text));
    }
}

TEST_CASE("what looks like the end of a string and is none does not hide a key") {
    std::string dots;
    for (int i = 0; i < 40; ++i) dots += ".a";

    CHECK(toml_trouble("a = \"\"\nb" + dots + " = 1\n"));
    CHECK(toml_trouble("a = \"\\\\\"\nb" + dots + " = 1\n"));
    CHECK(toml_trouble("a = '\\'\nb" + dots + " = 1\n"));
    CHECK(toml_trouble("a = \"\"\"x\"\"\"\"\"\nb" + dots + " = 1\n") == "line 2: a key has more than 32 parts");
    CHECK(toml_trouble("a = \"\"\"\"\"\"\nb" + dots + " = 1 # \"\"\""));
}
