#include "sample.hpp"

using namespace envlock;
using namespace envlock::test;
using pylock::SourceKind;

TEST_CASE("Pipfile.lock: categories, pins, hashes and sources") {
    const auto lock = read_lock("Pipfile.lock", R"({
 "_meta": {"hash": {"sha256": "00"}, "pipfile-spec": 6, "requires": {"python_version": "3.11"},
           "sources": [{"name": "own", "url": "https://u:p@index.example/simple", "verify_ssl": true}]},
 "default": {
  "demo": {"version": "==1.0", "hashes": ["sha256:)" + k_a + R"(", "sha256:)" + k_b + R"("], "index": "own", "markers": "python_version >= '3.8'"},
  "old": {"version": "==1.0", "markers": "python_version < '3.8'"},
  "loose": {"version": "*"},
  "tree": {"git": "https://u:p@forge.example/tree.git", "ref": "abc"},
  "local": {"path": "./x", "editable": true},
  "far": {"path": "/etc"}},
 "develop": {"pytest": {"version": "==8.0"}}})");

    CHECK(lock.format_version == "6");
    CHECK(lock.requires_python == "==3.11.*");
    CHECK(package(lock, "demo").files.size() == 2);
    CHECK(package(lock, "demo").origin == "https://index.example/simple");
    CHECK_FALSE(package(lock, "demo").exact);
    CHECK(package(lock, "tree").source == SourceKind::vcs);
    CHECK(package(lock, "tree").commit == "abc");
    CHECK(package(lock, "tree").origin == "https://forge.example/tree.git");
    CHECK(package(lock, "local").source == SourceKind::editable);
    CHECK(package(lock, "far").origin.empty());
    CHECK(lock.warnings == std::vector<std::string>{"loose: not pinned: *", "far: its path leaves the project"});
    CHECK(needs(lock) == std::vector<std::string>{"demo 1.0: needed", "old 1.0: not here", "loose : unknown", "tree : needed", "local : needed", "far : needed", "pytest 8.0: optional"});
}

TEST_CASE("Pipfile.lock: what is none, and a later format, are refused") {
    CHECK(try_lock("Pipfile.lock", R"({"_meta": {"pipfile-spec": 7}})").error().code == ErrorCode::lock_unsupported);
    for (const auto* bad : {"", "[]", "{}", R"({"_meta": {}})", R"({"_meta": {"pipfile-spec": 6}, "default": {"x": 1}})", R"({"_meta": {"pipfile-spec": 6}, "default": {"": {}}})",
                            R"({"_meta": {"pipfile-spec": 6}, "_meta": {}})"}) {
        CAPTURE(bad);
        REQUIRE_FALSE(try_lock("Pipfile.lock", bad));
        CHECK(try_lock("Pipfile.lock", bad).error().code == ErrorCode::lock_malformed);
    }
}
