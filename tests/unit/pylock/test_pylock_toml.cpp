#include "sample.hpp"

using namespace envlock;
using namespace envlock::test;
using pylock::SourceKind;

namespace {

const std::string k_head = "lock-version = \"1.0\"\ncreated-by = \"hand\"\n";

std::string wheel(const std::string& more) { return "[[packages]]\nname = \"demo\"\nversion = \"1.0\"\n" + more; }

std::string hashes(const std::string& hex = k_a) { return "hashes = { sha256 = \"" + hex + "\" }"; }

}  // namespace

TEST_CASE("pylock: the name of a file wins over the end of its URL") {
    const auto lock = read_lock("pylock.toml", k_head + wheel("sdist = { url = \"https://index.example/x/demo-1.0.tar.gz#frag\", size = 3, " + hashes(k_b) +
                                                              " }\nwheels = [{ name = \"demo-1.0-py3-none-any.whl\", url = \"https://index.example/download\", " + hashes() +
                                                              ", upload-time = 2025-01-02T03:04:05Z }]\n"));
    const auto& demo = package(lock, "demo");

    REQUIRE(demo.files.size() == 2);
    CHECK(demo.files[0].filename == "demo-1.0.tar.gz");
    CHECK(demo.files[0].size == 3);
    CHECK(demo.files[1].filename == "demo-1.0-py3-none-any.whl");
    CHECK(demo.files[1].hashes.at("sha256") == k_a);
    CHECK(lock.warnings.empty());
}

TEST_CASE("pylock: a file without hashes, or without a place, is malformed") {
    for (const auto* bad : {"wheels = [{ name = \"demo-1.0-py3-none-any.whl\", url = \"https://index.example/x\" }]\n",
                            "wheels = [{ url = \"https://index.example/x\", hashes = {} }]\n", "wheels = [{ name = \"demo-1.0-py3-none-any.whl\", hashes = { sha256 = \"aa\" } }]\n",
                            "vcs = { type = \"git\", url = \"https://forge.example/x\" }\n", "directory = {}\n", "",
                            "directory = { path = \".\" }\nvcs = { type = \"git\", url = \"https://forge.example/x\", commit-id = \"1\" }\n"}) {
        CAPTURE(bad);
        const auto lock = try_lock("pylock.toml", k_head + wheel(bad));
        REQUIRE_FALSE(lock);
        CHECK(lock.error().code == ErrorCode::lock_malformed);
        CHECK(lock.error().detail.starts_with("demo: "));
    }
}

TEST_CASE("pylock: an unknown major version is refused, an unknown minor one and its keys are warned about") {
    const auto major = try_lock("pylock.toml", "lock-version = \"2.0\"\ncreated-by = \"x\"\npackages = []\n");
    const auto minor = read_lock("pylock.toml", "lock-version = \"1.7\"\ncreated-by = \"x\"\npackages = []\nmood = \"good\"\n");

    REQUIRE_FALSE(major);
    CHECK(major.error().code == ErrorCode::lock_unsupported);
    CHECK(minor.warnings == std::vector<std::string>{"lock-version 1.7 is newer than what is known", "unknown key: mood"});
    CHECK_FALSE(try_lock("pylock.toml", "created-by = \"x\"\npackages = []\n"));
    CHECK_FALSE(try_lock("pylock.toml", "lock-version = \"one\"\npackages = []\n"));
    CHECK_FALSE(try_lock("pylock.toml", k_head));
}

TEST_CASE("pylock: sources other than an index") {
    const auto lock = read_lock("pylock.toml", k_head + R"([[packages]]
name = "a"
vcs = { type = "git", url = "https://u:p@forge.example/a", commit-id = "abc", requested-revision = "main" }
[[packages]]
name = "b"
directory = { path = "./libs/b", editable = true }
[[packages]]
name = "c"
directory = { path = "../../etc" }
[[packages]]
name = "d"
archive = { path = "d.zip", hashes = { sha512 = ")" + std::string(128, 'C') + R"(", sha256 = "short" } }
)");

    CHECK(package(lock, "a").source == SourceKind::vcs);
    CHECK(package(lock, "a").origin == "https://forge.example/a");
    CHECK(package(lock, "a").commit == "abc");
    CHECK(package(lock, "b").source == SourceKind::editable);
    CHECK(package(lock, "b").origin == "libs/b");
    CHECK(package(lock, "c").source == SourceKind::path);
    CHECK(package(lock, "c").origin.empty());
    CHECK(package(lock, "d").files.front().hashes == std::map<std::string, std::string>{{"sha512", std::string(128, 'c')}});
    CHECK(lock.warnings == std::vector<std::string>{"c: its path leaves the project", "d: a hash that cannot be read: sha256"});
}

TEST_CASE("pylock: two packages of one name are told apart by their markers, and groups and extras are not assumed") {
    const auto entry = [](const std::string& name, const std::string& version, const std::string& marker) {
        return "[[packages]]\nname = \"" + name + "\"\nversion = \"" + version + "\"\nmarker = \"" + marker + "\"\nwheels = [{ url = \"https://index.example/x.whl\", " + hashes() + " }]\n";
    };
    const auto lock = read_lock("pylock.toml", "default-groups = [\"base\"]\n" + k_head + entry("demo", "1.0", "python_version < '3.11'") + entry("demo", "2.0", "python_version >= '3.11'") +
                                                   entry("docs", "1", "'docs' in extras") + entry("test", "1", "'test' in dependency_groups") +
                                                   entry("base", "1", "'base' in dependency_groups") + entry("kernel", "1", "platform_release > '5'"));

    CHECK(needs(lock) == std::vector<std::string>{"demo 1.0: not here", "demo 2.0: needed", "docs 1: optional", "test 1: optional", "base 1: needed", "kernel 1: unknown"});
}
