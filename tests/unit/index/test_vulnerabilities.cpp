#include <envlock/index/vulnerabilities.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("the vulnerabilities of a release are read, by id, withdrawn ones left out") {
    const auto seen = index::parse_release_json(R"({
      "info": {"name": "x", "version": "1.0"}, "last_serial": 5, "urls": [],
      "vulnerabilities": [
        {"id": "PYSEC-2024-2", "source": "osv", "link": "https://osv.example/PYSEC-2024-2", "aliases": ["GHSA-b", "CVE-2024-1", "GHSA-b", "PYSEC-2024-2"],
         "summary": null, "details": "long", "fixed_in": ["1.10", "1.9"], "withdrawn": null},
        {"id": "PYSEC-2024-9", "withdrawn": "2024-05-01T00:00:00Z"},
        {"id": "GHSA-a", "summary": "short"}]})", "x");

    REQUIRE(seen);
    REQUIRE(seen->vulnerabilities);
    REQUIRE(seen->vulnerabilities->size() == 2);
    CHECK((*seen->vulnerabilities)[0] == index::Vulnerability{.id = "GHSA-a", .aliases = {}, .link = {}, .summary = "short", .details = {}, .fixed_in = {}});
    CHECK((*seen->vulnerabilities)[1] == index::Vulnerability{.id = "PYSEC-2024-2", .aliases = {"CVE-2024-1", "GHSA-b"}, .link = "https://osv.example/PYSEC-2024-2",
                                                             .summary = {}, .details = "long", .fixed_in = {"1.10", "1.9"}});
    CHECK(seen->warnings.empty());
}

TEST_CASE("an index that does not speak of vulnerabilities has not said that there are none") {
    CHECK_FALSE(index::parse_release_json("{}", "x")->vulnerabilities);
    CHECK_FALSE(index::parse_release_json(R"({"vulnerabilities": null})", "x")->vulnerabilities);
    CHECK(index::parse_release_json(R"({"vulnerabilities": []})", "x")->vulnerabilities->empty());
}

TEST_CASE("a vulnerability without an id is counted, and a list of something else is refused") {
    const auto nameless = index::parse_release_json(R"({"vulnerabilities": [{"summary": "s"}, {"id": 7}, {"id": "A"}]})", "x");

    REQUIRE(nameless);
    CHECK(nameless->vulnerabilities->size() == 1);
    REQUIRE(nameless->warnings.size() == 1);
    CHECK(nameless->warnings[0] == "2 of the vulnerabilities without an id");
    for (const auto* text : {"", "[]", "{", R"({"vulnerabilities": {}})", R"({"vulnerabilities": "x"})", R"({"vulnerabilities": ["x"]})"}) {
        INFO(text);
        CHECK(index::parse_release_json(text, "x").error().code == ErrorCode::response_malformed);
    }
}

TEST_CASE("only a date withdraws a vulnerability") {
    const auto seen = index::parse_release_json(R"({"vulnerabilities": [{"id": "A", "withdrawn": true}, {"id": "B", "withdrawn": ""}, {"id": "C", "withdrawn": "2024"}]})", "x");

    CHECK(seen->vulnerabilities->size() == 2);
}

TEST_CASE("long texts of a vulnerability are cut between characters") {
    std::string long_text;
    for (int i = 0; i < 4000; ++i) long_text += "é";

    const auto seen = index::parse_release_json(R"({"vulnerabilities": [{"id": "A", "summary": "a)" + long_text + R"(", "details": ")" + long_text + R"("}]})", "x");

    REQUIRE(seen);
    const auto& one = seen->vulnerabilities->front();
    CHECK(one.summary.size() == 511 + 3);
    CHECK(one.summary.ends_with("é…"));
    CHECK(one.details.size() == 4096 + 3);
    CHECK(one.details.ends_with("é…"));
}

TEST_CASE("a link of a vulnerability is http or nothing") {
    const auto link = [](const std::string& text) {
        return index::parse_release_json(R"({"vulnerabilities": [{"id": "A", "link": ")" + text + R"("}]})", "x")->vulnerabilities->front().link;
    };

    CHECK(link("HTTPS://osv.example/A") == "HTTPS://osv.example/A");
    CHECK(link("http://osv.example/A") == "http://osv.example/A");
    CHECK(link("javascript:alert(1)").empty());
    CHECK(link("file:///etc/passwd").empty());
    CHECK(link("https://osv.example/" + std::string(3000, 'a')).empty());
}

TEST_CASE("more vulnerabilities or roles than any project has are refused") {
    std::string many, roles;
    for (int i = 0; i <= 10'000; ++i) many += R"({"id":"A"},)";
    for (int i = 0; i <= 1'000; ++i) roles += R"({"role":"Owner","user":"u"},)";
    many.pop_back(), roles.pop_back();

    CHECK(index::parse_release_json(R"({"vulnerabilities":[)" + many + "]}", "x").error().detail == "too many vulnerabilities");
    CHECK(index::parse_release_json(R"({"ownership":{"roles":[)" + roles + "]}}", "x").error().detail == "too many roles");
}

TEST_CASE("the owners of a project are read in an order of their own") {
    const auto seen = index::parse_release_json(R"({"ownership": {"organization": "org", "roles": [
        {"role": "Owner", "user": "zoe"}, {"role": "Owner", "user": "abe"}, {"role": "Maintainer", "user": "mia"}, {"role": "Owner", "user": "abe"}]}})", "x");
    const auto alone = index::parse_release_json(R"({"ownership": {"organization": null, "roles": []}})", "x");

    REQUIRE(seen);
    REQUIRE(seen->ownership);
    CHECK(seen->ownership->organization == "org");
    CHECK(seen->ownership->roles == std::vector<index::Ownership::Role>{{"Maintainer", "mia"}, {"Owner", "abe"}, {"Owner", "zoe"}});
    CHECK(alone->ownership == index::Ownership{});
    CHECK_FALSE(index::parse_release_json(R"({"ownership": null})", "x")->ownership);
    CHECK_FALSE(index::parse_release_json(R"({"ownership": []})", "x"));
    CHECK_FALSE(index::parse_release_json(R"({"ownership": {"roles": ["x"]}})", "x"));
}

TEST_CASE("the release's URL lies beside a simple index, and nowhere else") {
    const auto url = [](std::string_view base) { return index::release_json_url(base, "Foo_.Bar", "1!2.0+local.1"); };

    CHECK(url("https://index.example/simple/") == "https://index.example/pypi/foo-bar/1!2.0+local.1/json");
    CHECK(url("HTTP://index.example:8080/root/simple/") == "HTTP://index.example:8080/root/pypi/foo-bar/1!2.0+local.1/json");
    for (const auto* base : {"https://index.example/simple", "https://index.example/+simple/", "https://index.example/", "https://simple/", "http://simple/", "https:///simple/",
                             "ftp://index.example/simple/", "file:///simple/", "https://index.example/?x=/simple/", "https://index.example/#/simple/", "/simple/", ""}) {
        INFO(base);
        CHECK_FALSE(url(base));
    }
}

TEST_CASE("a name or version that could leave its place in the release's URL gives none") {
    const auto url = [](std::string_view name, std::string_view version) { return index::release_json_url("https://index.example/simple/", name, version); };

    CHECK(url("x", "1.0"));
    CHECK_FALSE(url("..", "1.0"));
    CHECK_FALSE(url("a/b", "1.0"));
    CHECK_FALSE(url("x", ".."));
    CHECK_FALSE(url("x", "1.0/../../y"));
    CHECK_FALSE(url("x", "1.0?y"));
    CHECK_FALSE(url("x", " 1.0"));
    CHECK_FALSE(url("x", ""));
}
