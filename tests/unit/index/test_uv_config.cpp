#include "index/uv_tables.hpp"
#include "resolve.hpp"

#include "support/catch.hpp"

using namespace envlock;
using test::asked;
using test::places;
using test::resolve;
using test::Texts;

namespace {
std::string one(const std::string& name, const std::string& more = {}) {
    return "[[index]]\nname = \"" + name + "\"\nurl = \"https://" + name + ".index.example/simple\"\n" + more;
}
const std::string k_main = "default = true\n";
}  // namespace

TEST_CASE("the nearest folder upward decides, and uv.toml there hides [tool.uv]") {
    const std::string tool = "[[tool.uv.index]]\nname = \"p\"\nurl = \"https://p.index.example\"\ndefault = true\n";

    CHECK(asked(resolve({{"/w/pyproject.toml", tool}, {"/uv.toml", one("far", k_main)}})) == Texts{"p.index.example/"});
    CHECK(asked(resolve({{"/w/pyproject.toml", tool}, {"/w/uv.toml", one("near", k_main)}})) == Texts{"near.index.example/simple/"});
    CHECK(asked(resolve({{"/w/pyproject.toml", "[project]\nname = \"x\"\n"}, {"/uv.toml", one("far", k_main)}})) == Texts{"far.index.example/simple/"});
}

TEST_CASE("the user's and the system's files come after the project's: lists are joined, the first value counts") {
    const std::map<std::string, std::string> files{{"/w/uv.toml", one("p") + "[pip]\n"},
                                                   {"/h/.config/uv/uv.toml", "index-url = \"https://u0.index.example\"\n" + one("u") + one("p2", k_main)},
                                                   {"/etc/uv/uv.toml", "index-url = \"https://s0.index.example\"\nextra-index-url = [\"https://s.index.example\"]\n"},
                                                   {"/x/uv/uv.toml", one("x")}};

    CHECK(asked(resolve(files, {{"HOME", "/h"}})) == Texts{"p.index.example/simple/", "u.index.example/simple/", "s.index.example/", "p2.index.example/simple/"});
    CHECK(asked(resolve(files, {{"HOME", "/h"}, {"XDG_CONFIG_DIRS", "/none:/x"}})) ==
          Texts{"p.index.example/simple/", "u.index.example/simple/", "x.index.example/simple/", "p2.index.example/simple/"});
    CHECK(asked(resolve(files, {{"UV_CONFIG_FILE", "/x/uv/uv.toml"}, {"HOME", "/h"}})) == Texts{"x.index.example/simple/", "default.index.example/simple/"});
    CHECK(asked(resolve(files, {{"UV_NO_CONFIG", "1"}, {"HOME", "/h"}})) == Texts{"default.index.example/simple/"});
}

TEST_CASE("the environment comes first: a name there hides the same name, its default index any other") {
    const std::map<std::string, std::string> files{{"/w/uv.toml", one("a") + one("b", k_main)}};

    CHECK(asked(resolve(files, {{"UV_INDEX", "https://e.index.example/x=y a=https://other.index.example"}})) ==
          Texts{"e.index.example/x=y/", "other.index.example/", "b.index.example/simple/"});
    CHECK(asked(resolve(files, {{"UV_DEFAULT_INDEX", "corp=https://d.index.example"}})) == Texts{"a.index.example/simple/", "d.index.example/"});
    CHECK(asked(resolve({}, {{"UV_INDEX_URL", "https://i.index.example"}, {"UV_EXTRA_INDEX_URL", "https://x.index.example https://y.index.example"}})) ==
          Texts{"x.index.example/", "y.index.example/", "i.index.example/"});
    CHECK(resolve({}, {{"UV_INDEX_URL", "https://i.index.example"}}).indexes[0].origin == "UV_INDEX_URL");
}

TEST_CASE("[pip] counts as `uv pip` takes it, beside what `uv sync` asks") {
    const std::string legacy = "index-url = \"https://top.index.example\"\n[pip]\nindex-url = \"https://pip.index.example\"\nextra-index-url = [\"https://more.index.example\"]\n";

    CHECK(asked(resolve({{"/w/uv.toml", legacy}})) == Texts{"more.index.example/", "pip.index.example/", "top.index.example/"});
    CHECK(asked(resolve({{"/w/uv.toml", legacy + one("d", k_main)}})) == Texts{"more.index.example/", "d.index.example/simple/"});
}

TEST_CASE("an explicit index is kept for the packages that are pinned to it") {
    const std::string sources = "[tool.uv.sources]\nTorch = { index = \"gpu\" }\nnumpy = [{ index = \"gpu\", marker = \"sys_platform == 'linux'\" }, { git = \"x\" }]\nlocal = { path = \"x\" }\n";
    const auto config = resolve({{"/w/pyproject.toml", sources}, {"/w/uv.toml", one("gpu", "explicit = true\n") + one("b", k_main)}});

    REQUIRE(config.indexes.size() == 2);
    CHECK(config.indexes[0].only_pinned);
    CHECK(config.indexes[0].serves("torch"));
    CHECK(config.indexes[0].serves("numpy"));
    CHECK_FALSE(config.indexes[0].serves("local"));
    CHECK(config.indexes[1].serves("local"));
}

TEST_CASE("credentials of a named index come from its two variables") {
    const auto config = resolve({{"/w/uv.toml", one("my-corp.x") + one("b", k_main)}}, {{"UV_INDEX_MY_CORP_X_USERNAME", "u"}, {"UV_INDEX_MY_CORP_X_PASSWORD", "p"}});

    CHECK(config.indexes[0].credentials == "u:p");
    CHECK(config.indexes[1].credentials.empty());
}

TEST_CASE("links come from every spelling, each from its own folder") {
    const std::map<std::string, std::string> files{{"/w/uv.toml", "find-links = [\"wheels\"]\n[[index]]\nname = \"flat\"\nurl = \"flat\"\nformat = \"flat\"\n[pip]\nfind-links = [\"more\"]\n"},
                                                   {"/w/wheels/a", ""}, {"/w/flat/a", ""}, {"/w/more/a", ""}, {"/e 1/a", ""}, {"/w/e2/a", ""}};

    const auto config = resolve(files, {{"UV_FIND_LINKS", "/e 1,e2"}});

    CHECK(places(config) == Texts{"/e 1", "/w/e2", "/w/flat", "/w/wheels", "/w/more"});
    CHECK(asked(config) == Texts{"default.index.example/simple/"});
}

TEST_CASE("no-index, hosts that are not checked, and the proxy reach the configuration") {
    const auto config = resolve({{"/w/uv.toml", "no-index = true\nallow-insecure-host = [\"https://a.index.example:8443/\"]\nhttps-proxy = \"http://proxy.example:1\"\nno-proxy = [\"x\", \"y\"]\n" + one("a")}},
                                {{"UV_INSECURE_HOST", "b.index.example c.index.example:1"}});

    CHECK(config.indexes.empty());
    CHECK(config.no_index);
    CHECK(config.trusted_hosts == Texts{"b.index.example", "c.index.example:1", "a.index.example:8443"});
    CHECK(config.proxy == "http://proxy.example:1");
    CHECK(config.no_proxy == "x,y");
}

TEST_CASE("a broken file is a warning with its line, a value of another type is left out") {
    const auto broken = resolve({{"/w/uv.toml", "index-url = \"https://x\"\n[[index\n"}});
    const auto odd = resolve({{"/w/uv.toml", "index-url = 3\nindex = { url = 1 }\nfind-links = \"x\"\npip = 1\n"}});

    REQUIRE(broken.warnings.size() == 1);
    CHECK(broken.warnings[0].find("line 2") != std::string::npos);
    CHECK(asked(broken) == Texts{"default.index.example/simple/"});
    CHECK(odd.warnings.empty());
}

TEST_CASE("a hostile file is refused before it is parsed") {
    std::string key = "a";
    for (int i = 0; i < 100'000; ++i) key += ".a";

    CHECK_FALSE(index::parse_uv_tables(key + " = 1\n", "uv.toml", index::UvFile::uv_toml));
    CHECK_FALSE(index::parse_uv_tables(std::string((4U << 20U) + 1, '\n'), "uv.toml", index::UvFile::uv_toml));
    CHECK_FALSE(index::parse_uv_tables("", "pyproject.toml", index::UvFile::pyproject)->present);
}
