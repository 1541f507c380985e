#include <envlock/index/config.hpp>

#include "support/catch.hpp"
#include "support/memory_file_tree.hpp"

using namespace envlock;
using test::MemoryFileTree;

namespace {
index::IndexConfig resolve(const MemoryFileTree& files, const std::map<std::string, std::string>& environment = {}, const std::vector<std::string>& arguments = {}) {
    return index::resolve_config(files, environment, "/w", "/w/.venv", arguments, "https://default.index.example/simple");
}
}  // namespace

TEST_CASE("with nothing configured the default index is asked") {
    const auto config = resolve(MemoryFileTree{{"/w/x", ""}});

    REQUIRE(config.indexes.size() == 1);
    CHECK(config.indexes[0].url == "https://default.index.example/simple/");
    CHECK(config.indexes[0].origin == "default");
}

TEST_CASE("later places win: files, then environment, then arguments") {
    const MemoryFileTree files{{"/etc/pip.conf", "[global]\nindex-url = https://global.index.example/\n"},
                               {"/h/.config/pip/pip.conf", "[global]\nindex_url = https://user.index.example/\n"},
                               {"/w/.venv/pip.conf", "[install]\nindex-url: https://site.index.example/\n"}};

    CHECK(resolve(files).indexes[0].url == "https://site.index.example/");
    CHECK(resolve(files, {{"PIP_INDEX_URL", "https://env.index.example/"}}).indexes[0].url == "https://env.index.example/");
    CHECK(resolve(files, {{"PIP_INDEX_URL", "https://env.index.example/"}}, {"--index-url", "https://arg.index.example"}).indexes[0].url == "https://arg.index.example/");
    CHECK(resolve(MemoryFileTree{{"/w/x", ""}}, {{"UV_DEFAULT_INDEX", "corp=https://uv.index.example/"}}).indexes[0].url == "https://uv.index.example/");
}

TEST_CASE("an [install] section of any file wins over every [global] one") {
    const MemoryFileTree files{{"/etc/pip.conf", "[install]\nindex-url = https://install.index.example/\n"},
                               {"/w/.venv/pip.conf", "[global]\nindex-url = https://site.index.example/\n"}};

    CHECK(resolve(files).indexes[0].url == "https://install.index.example/");
    CHECK(resolve(files).indexes[0].origin == "/etc/pip.conf");
}

TEST_CASE("arguments are read in both spellings, and an unknown one takes nothing with it") {
    const auto config = resolve(MemoryFileTree{{"/w/x", ""}}, {}, {"--pre", "--index-url=https://arg.index.example/a=b", "--trusted-host", "h", "--cert=/ca.pem", "-f"});

    REQUIRE(config.indexes.size() == 1);
    CHECK(config.indexes[0].url == "https://arg.index.example/a=b/");
    CHECK(config.trusted_hosts == std::vector<std::string>{"h"});
    CHECK(config.ca_file == "/ca.pem");
    CHECK(config.find_links.empty());
}

TEST_CASE("PIP_CONFIG_FILE=/dev/null reads no file at all") {
    const MemoryFileTree files{{"/etc/pip.conf", "[global]\nindex-url = https://global.index.example/\n"}};

    CHECK(resolve(files, {{"PIP_CONFIG_FILE", "/dev/null"}}).indexes[0].origin == "default");
}

TEST_CASE("several extra indexes are read from continuation lines and from requirements") {
    const MemoryFileTree files{{"/etc/pip.conf", "[global]\nextra-index-url =\n    https://a.index.example/\n    https://b.index.example/\ntrusted-host = b.index.example\n"},
                               {"/w/requirements.txt", "--extra-index-url https://${USER_NAME}:${TOKEN}@c.index.example/x\nnumpy\n"}};

    const auto config = resolve(files, {{"USER_NAME", "u"}, {"TOKEN", "t"}});

    REQUIRE(config.indexes.size() == 4);
    CHECK(config.indexes[2].url == "https://b.index.example/");
    CHECK(config.indexes[3].url == "https://c.index.example/x/");
    CHECK(config.indexes[3].credentials == "u:t");
    CHECK(config.trusted_hosts == std::vector<std::string>{"b.index.example"});
}

TEST_CASE("credentials are split off and decoded, and no-index asks nobody") {
    const auto split = index::split_credentials("https://me%40x:p%2Fw@index.example/simple", "x");
    CHECK(split.url == "https://index.example/simple/");
    CHECK(split.credentials == "me@x:p/w");
    CHECK(resolve(MemoryFileTree{{"/w/x", ""}}, {{"PIP_NO_INDEX", "1"}}).indexes.empty());
    CHECK(resolve(MemoryFileTree{{"/w/x", ""}}, {}, {"--no-index"}).no_index);
}

TEST_CASE("an index that is no http URL is a warning") {
    const auto config = resolve(MemoryFileTree{{"/w/x", ""}}, {{"PIP_INDEX_URL", "file:///srv/index"}});

    CHECK(config.indexes.empty());
    CHECK(config.warnings.size() == 1);
}
