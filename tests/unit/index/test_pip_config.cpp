#include "resolve.hpp"

#include "support/catch.hpp"

using namespace envlock;
using test::asked;
using test::places;
using test::resolve;
using test::Texts;

namespace {
std::string conf(const std::string& host, const std::string& section = "global") { return "[" + section + "]\nindex-url = https://" + host + ".index.example/\n"; }
}  // namespace

TEST_CASE("later places win: global files, the user's old and new one, the playground's, PIP_CONFIG_FILE, environment") {
    const std::map<std::string, std::string> variables{{"HOME", "/h"}};
    std::map<std::string, std::string> files;
    const auto first = [&](const std::map<std::string, std::string>& environment) { return asked(resolve(files, environment)).at(0); };

    for (const auto& [path, host] : {std::pair{"/etc/xdg/pip/pip.conf", "xdg"}, {"/etc/pip.conf", "etc"}, {"/h/.pip/pip.conf", "old"},
                                     {"/h/.config/pip/pip.conf", "user"}, {"/w/.venv/pip.conf", "site"}}) {
        files[path] = conf(host);
        CHECK(first(variables) == std::string(host) + ".index.example/");
    }
    files["/w/own.conf"] = conf("named");
    CHECK(first({{"HOME", "/h"}, {"PIP_CONFIG_FILE", "own.conf"}}) == "named.index.example/");
    CHECK(first({{"HOME", "/h"}, {"PIP_INDEX_URL", "https://env.index.example/"}}) == "env.index.example/");
    CHECK(first({{"HOME", "/h"}, {"PIP_INDEX_URL", ""}}) == "site.index.example/");
}

TEST_CASE("the XDG folders are where the variables say") {
    const std::map<std::string, std::string> files{{"/a/pip/pip.conf", conf("a")}, {"/b/pip/pip.conf", conf("b")}, {"/c/pip/pip.conf", conf("c")}, {"/etc/xdg/pip/pip.conf", conf("xdg")}};

    CHECK(asked(resolve(files, {{"XDG_CONFIG_DIRS", "/a:/b"}})) == Texts{"b.index.example/"});
    CHECK(asked(resolve(files, {{"XDG_CONFIG_DIRS", "/a:/b"}, {"HOME", "/h"}, {"XDG_CONFIG_HOME", "/c"}})) == Texts{"c.index.example/"});
}

TEST_CASE("PIP_CONFIG_FILE hides the user's files when it exists, and every file when it is the null device") {
    const std::map<std::string, std::string> files{{"/etc/pip.conf", "[global]\nextra-index-url = https://etc.index.example/\n"}, {"/h/.config/pip/pip.conf", conf("user")}, {"/own.conf", ""}};

    CHECK(asked(resolve(files, {{"HOME", "/h"}, {"PIP_CONFIG_FILE", "/own.conf"}})) == Texts{"default.index.example/simple/", "etc.index.example/"});
    CHECK(asked(resolve(files, {{"HOME", "/h"}, {"PIP_CONFIG_FILE", "/gone.conf"}})) == Texts{"user.index.example/", "etc.index.example/"});
    CHECK(asked(resolve(files, {{"HOME", "/h"}, {"PIP_CONFIG_FILE", "/dev/null"}})) == Texts{"default.index.example/simple/"});
}

TEST_CASE("an [install] section of any file wins over every [global] one, and [download] is not an install's") {
    const auto config = resolve({{"/etc/pip.conf", conf("install", "install") + conf("download", "download")}, {"/w/.venv/pip.conf", conf("site")}});

    CHECK(asked(config) == Texts{"install.index.example/"});
    CHECK(config.indexes[0].origin == "/etc/pip.conf");
}

TEST_CASE("an empty value hides the same option of an earlier file") {
    CHECK(asked(resolve({{"/etc/pip.conf", conf("etc")}, {"/w/.venv/pip.conf", "[global]\nindex-url =\n"}})) == Texts{"default.index.example/simple/"});
}

TEST_CASE("several values stand on continuation lines or in one variable; a later source replaces the list") {
    const std::map<std::string, std::string> files{
        {"/etc/pip.conf", "[global]\nextra-index-url =\n    https://a.index.example/\n    # not this\n\n    https://b.index.example/\ntrusted-host = b.index.example c.index.example\n"}};

    const auto config = resolve(files);

    CHECK(asked(config) == Texts{"default.index.example/simple/", "a.index.example/", "b.index.example/"});
    CHECK(config.trusted_hosts == Texts{"b.index.example", "c.index.example"});
    CHECK(asked(resolve(files, {{"PIP_EXTRA_INDEX_URL", "https://c.index.example/ https://d.index.example/"}})) ==
          Texts{"default.index.example/simple/", "c.index.example/", "d.index.example/"});
}

TEST_CASE("yes and no are pip's words") {
    CHECK(resolve({}, {{"PIP_NO_INDEX", "yes"}}).no_index);
    CHECK_FALSE(resolve({}, {{"PIP_NO_INDEX", "0"}}).no_index);
    CHECK_FALSE(resolve({{"/etc/pip.conf", "[global]\nno-index = true\n"}}, {{"PIP_NO_INDEX", "off"}}).no_index);
}

TEST_CASE("a configuration file is read as configparser reads it") {
    const auto seen = index::parse_pip_conf("\xEF\xBB\xBF; c\nlost = 1\n[DEFAULT]\ntimeout = 5\n[global]\n  Index_URL = https://x/%(y)s%%\n  --cert: /ca ; not a comment\n"
                                            "find-links =\n    a\n\n  # between\n    b = c\n[Global]\nno-index = 1\n[install]\n");

    CHECK(seen == std::map<std::string, std::string>{{"global.index-url", "https://x/%(y)s%%"}, {"global.cert", "/ca ; not a comment"}, {"global.find-links", "\na\nb = c"},
                                                     {"global.timeout", "5"}, {"Global.no-index", "1"}, {"Global.timeout", "5"}, {"install.timeout", "5"}});
}

TEST_CASE("an unreadable configuration file is a warning") {
    const auto config = resolve({{"/etc/pip.conf", std::string((1U << 20U) + 1, '#')}});

    CHECK(config.warnings.size() == 1);
}

TEST_CASE("requirements files count as an install from each of them would have it") {
    const std::map<std::string, std::string> configured{{"PIP_INDEX_URL", "https://env.index.example/"}, {"PIP_EXTRA_INDEX_URL", "https://more.index.example/"}};

    CHECK(asked(resolve({{"/w/requirements.txt", "numpy\n--extra-index-url https://file.index.example/\n"}}, configured)) ==
          Texts{"env.index.example/", "more.index.example/", "file.index.example/"});
    CHECK(asked(resolve({{"/w/requirements.txt", "-i https://file.index.example/\n"}, {"/w/requirements-dev.txt", "pytest\n"}}, configured)) == Texts{"file.index.example/"});
    CHECK(asked(resolve({{"/w/requirements.txt", "-i https://file.index.example/\n"}, {"/w/requirements-gpu.txt", "-i https://gpu.index.example/\n"}})) ==
          Texts{"gpu.index.example/", "file.index.example/"});
    const auto none = resolve({{"/w/requirements.txt", "--no-index\n-f wheels\n-i https://late.index.example/\n"}, {"/w/wheels/a", ""}}, configured);
    CHECK(none.no_index);
    CHECK(places(none) == Texts{"/w/wheels"});
    CHECK(none.find_links[0].origin == "requirements.txt");
}

TEST_CASE("links of a requirements file lie beside it, else where pip runs") {
    const std::map<std::string, std::string> files{{"/w/requirements.txt", "-r deep/r.txt\n--trusted-host h:8080\n"}, {"/w/deep/r.txt", "-f near\n-f far\n-f gone\n"}, {"/w/deep/near/a", ""}, {"/w/far/a", ""}};

    const auto config = resolve(files);

    CHECK(places(config) == Texts{"/w/deep/near", "/w/far"});
    CHECK(config.find_links[0].origin == "deep/r.txt");
    CHECK(config.trusted_hosts == Texts{"h:8080"});
    CHECK(config.warnings.size() == 1);
}
