#include "support/catch.hpp"

#include <envlock/dist/direct_url.hpp>
#include <envlock/dist/entry_points.hpp>
#include <envlock/dist/metadata.hpp>
#include <envlock/dist/pyvenv_cfg.hpp>
#include <envlock/dist/wheel_file.hpp>

using namespace envlock;

TEST_CASE("METADATA: headers end at the first empty line, the first of two counts") {
    const auto metadata = parse_metadata("Metadata-Version: 2.1\nName: Foo.Bar\nVersion: 1.0\nVersion: 2.0\nRequires-Dist: a>=1\nRequires-Dist: b; extra == 'x'\n\nName: evil\n", "METADATA");

    REQUIRE(metadata);
    CHECK(metadata->name == "Foo.Bar");
    CHECK(metadata->version == "1.0");
    CHECK(metadata->duplicate);
    CHECK(metadata->requires_dist == std::vector<std::string>{"a>=1", "b; extra == 'x'"});
}

TEST_CASE("METADATA: folded lines are joined, Latin-1 becomes UTF-8, CRLF is a line end") {
    const auto headers = parse_headers("Summary: one\r\n  two\r\nAuthor: Ren\xE9\r\nno header here\r\n\r\nbody: x");

    REQUIRE(headers.size() == 2);
    CHECK(headers[0] == std::pair<std::string, std::string>("summary", "one two"));
    CHECK(headers[1].second == "Ren\xC3\xA9");
}

TEST_CASE("METADATA without a name is an error, without a version it is not") {
    CHECK_FALSE(parse_metadata("Version: 1\n\n", "METADATA"));
    CHECK_FALSE(parse_metadata("", "METADATA"));
    CHECK(parse_metadata("Name: a\n", "METADATA")->version.empty());
}

TEST_CASE("the name of a requirement, and whether it needs an extra") {
    CHECK(required_name("Foo_Bar[baz] (>=1.0) ; python_version < '3'") == "foo-bar");
    CHECK(required_name("a@ https://index.example/a.whl") == "a");
    CHECK(required_name(" >=1") == "");
    CHECK(is_extra_requirement("a; extra == 'test'"));
    CHECK(is_extra_requirement("a; python_version>'3' and extra=='test'"));
    CHECK_FALSE(is_extra_requirement("extra"));
    CHECK_FALSE(is_extra_requirement("a; platform_release == 'extra'"));
}

TEST_CASE("WHEEL: compressed and repeated tags are expanded to a set") {
    const auto wheel = parse_wheel_file("Wheel-Version: 1.0\nGenerator: bdist_wheel (0.40)\nRoot-Is-Purelib: false\nTag: py2.py3-none-any\nTag: py3-none-any\nBuild: 2\n", "WHEEL");

    REQUIRE(wheel);
    CHECK(wheel->tags == std::vector<std::string>{"py2-none-any", "py3-none-any"});
    CHECK(wheel->generator == "bdist_wheel (0.40)");
    CHECK(wheel->build == "2");
    CHECK_FALSE(wheel->root_is_purelib);
    CHECK_FALSE(parse_wheel_file("Wheel-Version: 2.0\nTag: py3-none-any\n", "WHEEL"));
    CHECK_FALSE(parse_wheel_file("", "WHEEL"));
}

TEST_CASE("direct_url.json: each kind, credentials removed") {
    const auto vcs = parse_direct_url(R"({"url":"https://user:secret@forge.example/r.git","vcs_info":{"vcs":"git","commit_id":"abc","requested_revision":"main"}})", "d");
    const auto archive = parse_direct_url(R"({"url":"https://index.example/a.whl","archive_info":{"hash":"md5=00","hashes":{"sha256":")" + std::string(64, 'A') + R"("}}})", "d");
    const auto editable = parse_direct_url(R"({"url":"file:///p","dir_info":{"editable":true}})", "d");

    REQUIRE(vcs);
    CHECK(vcs->kind == DirectKind::vcs);
    CHECK(vcs->url.find("secret") == std::string::npos);
    CHECK(vcs->commit_id == "abc");
    REQUIRE(archive);
    CHECK(archive->hashes == std::map<std::string, std::string>{{"sha256", std::string(64, 'a')}});
    REQUIRE(editable);
    CHECK(editable->editable);
}

TEST_CASE("direct_url.json: conflicting hashes are flagged, broken documents are errors") {
    const auto hex = [](char c) { return std::string(64, c); };
    const auto both = parse_direct_url(R"({"url":"u","archive_info":{"hash":"sha256=)" + hex('1') + R"(","hashes":{"sha256":")" + hex('2') + R"("}}})", "d");

    REQUIRE(both);
    CHECK(both->conflicting_hash);
    CHECK_FALSE(parse_direct_url("not json", "d"));
    CHECK_FALSE(parse_direct_url(R"({"dir_info":{}})", "d"));
    CHECK_FALSE(parse_direct_url(R"({"url":"u","dir_info":{},"vcs_info":{}})", "d"));
    CHECK_FALSE(parse_direct_url(R"([1])", "d"));
}

TEST_CASE("entry_points.txt: console and gui scripts only") {
    const auto names = parse_script_names("# c\n[console_scripts]\npip = pip:main\npip3=pip:main\n[other]\nx = y:z\n[gui_scripts]\nwin = a:b\nbad/name = a:b\n[\n");

    CHECK(names == std::vector<std::string>{"pip", "pip3", "win"});
}

TEST_CASE("pyvenv.cfg: BOM, CRLF, case, spaces and duplicates") {
    const auto cfg = parse_pyvenv_cfg("\xEF\xBB\xBFHOME=/usr/bin\r\nversion_info = 3.11.7.final.0\r\nInclude-System-Site-Packages = TRUE\r\nhome = /nix/bin\r\nnoise\r\n");

    CHECK(cfg.get("home") == "/nix/bin");
    CHECK(cfg.version() == "3.11.7");
    CHECK(cfg.include_system_site());
    CHECK(cfg.creator() == "venv");
    CHECK(parse_pyvenv_cfg("uv = 0.5\nversion_info = 3.12\n").creator() == "uv");
    CHECK(parse_pyvenv_cfg("version_info = 3.12\n").version() == "3.12");
    CHECK_FALSE(parse_pyvenv_cfg("include-system-site-packages = False").include_system_site());
    CHECK_FALSE(parse_pyvenv_cfg("").include_system_site());
}
