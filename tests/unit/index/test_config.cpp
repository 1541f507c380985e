#include "resolve.hpp"

#include "support/catch.hpp"

using namespace envlock;
using test::asked;
using test::places;
using test::resolve;
using test::Texts;

namespace {
const std::string k_uv_toml = "[[index]]\nname = \"corp\"\nurl = \"https://uv.index.example/simple\"\n";
const std::map<std::string, std::string> k_pip = {{"PIP_INDEX_URL", "https://pip.index.example/simple"}};
}  // namespace

TEST_CASE("with nothing configured the default index is asked") {
    const auto config = resolve({});

    REQUIRE(asked(config) == Texts{"default.index.example/simple/"});
    CHECK(config.indexes[0].origin == "default");
}

TEST_CASE("only the tool that is configured is asked for its own default index") {
    CHECK(asked(resolve({}, k_pip)) == Texts{"pip.index.example/simple/"});
    CHECK(asked(resolve({{"/w/uv.toml", k_uv_toml}})) == Texts{"uv.index.example/simple/", "default.index.example/simple/"});
    CHECK(asked(resolve({{"/w/uv.toml", k_uv_toml + "default = true\n"}})) == Texts{"uv.index.example/simple/"});
}

TEST_CASE("with both tools configured each contributes what it would ask, and each URL is asked once") {
    const auto config = resolve({{"/w/uv.toml", k_uv_toml + "default = true\n"}}, k_pip);
    const auto same = resolve({{"/w/uv.toml", k_uv_toml + "default = true\n"}}, {{"PIP_INDEX_URL", "https://u:p@uv.index.example/simple/"}});

    CHECK(asked(config) == Texts{"pip.index.example/simple/", "uv.index.example/simple/"});
    CHECK(config.indexes[0].origin == "PIP_INDEX_URL");
    CHECK(config.indexes[1].origin == "/w/uv.toml");
    CHECK(asked(same) == Texts{"uv.index.example/simple/"});
    CHECK(same.indexes[0].credentials == "u:p");
}

TEST_CASE("a tool that is told to use no index adds none, and the other still does") {
    const auto pip_alone = resolve({}, {{"PIP_NO_INDEX", "1"}});
    const auto both = resolve({{"/w/uv.toml", k_uv_toml + "default = true\n"}}, {{"PIP_NO_INDEX", "1"}});

    CHECK(pip_alone.indexes.empty());
    CHECK(pip_alone.no_index);
    CHECK(asked(both) == Texts{"uv.index.example/simple/"});
    CHECK_FALSE(both.no_index);
}

TEST_CASE("the caller's --index-url replaces every main index, --extra-index-url adds, --no-index ends it") {
    const std::map<std::string, std::string> files{{"/w/uv.toml", k_uv_toml}, {"/w/requirements.txt", "-i https://file.index.example/\n"}};

    CHECK(asked(resolve(files, k_pip, {"-i", "https://arg.index.example/"})) == Texts{"arg.index.example/", "uv.index.example/simple/"});
    CHECK(asked(resolve({}, {{"PIP_EXTRA_INDEX_URL", "https://env.index.example/"}}, {"--extra-index-url=https://arg.index.example/"})) ==
          Texts{"default.index.example/simple/", "env.index.example/", "arg.index.example/"});
    const auto none = resolve(files, k_pip, {"--no-index"});
    CHECK(none.indexes.empty());
    CHECK(none.no_index);
}

TEST_CASE("arguments are read in both spellings, and an unknown one takes nothing with it") {
    const auto config = resolve({{"/ca.pem", ""}}, {},
                                {"--pre", "--index-url=https://arg.index.example/a=b", "--trusted-host", "h", "--cert=/ca.pem", "--client-cert", "me.pem", "--proxy",
                                 "http://proxy.example:3128", "-f"});

    CHECK(asked(config) == Texts{"arg.index.example/a=b/"});
    CHECK(config.trusted_hosts == Texts{"h"});
    CHECK(config.ca_file == "/ca.pem");
    CHECK(config.client_cert == "/w/me.pem");
    CHECK(config.proxy == "http://proxy.example:3128");
    CHECK(config.find_links.empty());
}

TEST_CASE("credentials are split off and decoded") {
    const auto split = index::split_credentials("https://me%40x:p%2Fw@index.example/simple", "x");

    CHECK(split.url == "https://index.example/simple/");
    CHECK(split.credentials == "me@x:p/w");
}

TEST_CASE("an index that is no http URL is a warning") {
    const auto config = resolve({}, {{"PIP_INDEX_URL", "file:///srv/index"}});

    CHECK(config.indexes.empty());
    CHECK(config.warnings.size() == 1);
}

TEST_CASE("a warning about a setting that is no URL does not repeat its password") {
    const auto config = resolve({}, {{"PIP_INDEX_URL", "https:/u:hunter2@index.example/"}, {"PIP_FIND_LINKS", "https:/u:hunter2@links.example/ ftp://u:hunter2@links.example/x"}});

    REQUIRE(config.warnings.size() == 3);
    for (const auto& warning : config.warnings) CHECK(warning.find("hunter2") == std::string::npos);
}

TEST_CASE("certificates come from the tools' settings, then from the variables they know") {
    const std::map<std::string, std::string> variables{{"HOME", "/h"}, {"SSL_CERT_FILE", "/ssl.pem"}, {"REQUESTS_CA_BUNDLE", "/requests.pem"}, {"SSL_CLIENT_CERT", "/client.pem"}};

    CHECK(resolve({}, variables).ca_file == "/ssl.pem");
    CHECK(resolve({}, variables).client_cert == "/client.pem");
    CHECK(resolve({}, {{"REQUESTS_CA_BUNDLE", "/requests.pem"}, {"CURL_CA_BUNDLE", "/curl.pem"}}).ca_file == "/requests.pem");
    const auto pip = resolve({{"/etc/pip.conf", "[global]\ncert = ~/pip.pem\nclient-cert = /pip-client.pem\nproxy = http://u:p@proxy.example:8080\n"}}, variables);
    CHECK(pip.ca_file == "/h/pip.pem");
    CHECK(pip.client_cert == "/pip-client.pem");
    CHECK(pip.proxy == "http://u:p@proxy.example:8080");
}

TEST_CASE("places of links are found from where they are said, each once, and shown without who and where") {
    const auto config = resolve({{"/w/wheels/a", ""}, {"/h/more/a", ""}, {"/srv/my wheels/a", ""}}, {{"HOME", "/h"}, {"PIP_FIND_LINKS", "wheels ~/more file:///srv/my%20wheels /gone ftp://x/y"}},
                                {"-f", "/w/wheels", "-f", "https://u:p@links.index.example/page.html?sig=s#top"});

    CHECK(places(config) == Texts{"/w/wheels", "/h/more", "/srv/my wheels", "https://links.index.example/page.html?sig=s"});
    CHECK(config.find_links[0].shown == "file://$PROJECT/wheels");
    CHECK(config.find_links[1].shown == "file://$HOME/more");
    CHECK(config.find_links[3].shown == "https://links.index.example/page.html");
    CHECK(config.find_links[3].credentials == "u:p");
    CHECK(config.warnings.size() == 2);
    CHECK(asked(config) == Texts{"default.index.example/simple/"});
}
