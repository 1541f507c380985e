#include "sample.hpp"

using namespace envlock;
using namespace envlock::test;
using pylock::SourceKind;

TEST_CASE("pdm.lock since 4.4: groups, markers and files stand at the package") {
    const auto lock = read_lock("pdm.lock", R"([metadata]
groups = ["default", "dev"]
strategy = ["inherit_metadata"]
lock_version = "4.5.0"
content_hash = "sha256:00"

[[metadata.targets]]
requires_python = "==3.11.*"

[[package]]
name = "demo"
version = "1.0"
requires_python = ">=3.8"
groups = ["default"]
marker = "python_version >= \"3.8\""
dependencies = ["child>=1", "tomli; python_version < \"3.11\""]
files = [
    {file = "demo-1.0-py3-none-any.whl", hash = "sha256:)" + k_a + R"("},
    {url = "https://index.example/p/demo-1.0.tar.gz?t=1", hash = "sha256:)" + k_b + R"("},
]

[[package]]
name = "demo"
version = "1.0"
extras = ["more"]
groups = ["default"]
dependencies = ["demo==1.0"]

[[package]]
name = "pytest"
version = "8.0"
groups = ["dev"]

[[package]]
name = "tree"
version = "0.1"
git = "https://u:p@forge.example/tree.git"
ref = "main"
revision = "abc"
groups = ["default"]

[[package]]
name = "local"
version = "0.1"
path = "./libs/local"
editable = true
groups = ["default"]

[[package]]
name = "far"
version = "0.1"
path = "../far"
groups = ["default"]
)");

    CHECK(lock.format_version == "4.5.0");
    CHECK(lock.requires_python == "==3.11.*");
    CHECK(package(lock, "demo").files[0].hashes.at("sha256") == k_a);
    CHECK(package(lock, "demo").files[1].filename == "demo-1.0.tar.gz");
    CHECK(package(lock, "tree").source == SourceKind::vcs);
    CHECK(package(lock, "tree").commit == "abc");
    CHECK(package(lock, "tree").origin == "https://forge.example/tree.git");
    CHECK(package(lock, "local").source == SourceKind::editable);
    CHECK(package(lock, "far").origin.empty());
    CHECK(lock.warnings == std::vector<std::string>{"far: its path leaves the project"});
    CHECK(needs(lock) == std::vector<std::string>{"demo 1.0: needed", "demo 1.0: needed", "pytest 8.0: optional", "tree 0.1: needed", "local 0.1: needed", "far 0.1: needed"});
}

TEST_CASE("pdm.lock before 4.4 lists files by name and version, and says the groups of the whole only") {
    const auto with = [](const std::string& groups) {
        return read_lock("pdm.lock", "[[package]]\nname = \"demo\"\nversion = \"1.0\"\n[metadata]\nlock_version = \"4.3\"\n" + groups + "[metadata.files]\n\"demo 1.0\" = [{url = \"https://index.example/demo-1.0.tar.gz\", hash = \"sha256:" + k_a + "\"}]\n");
    };

    CHECK(package(with(""), "demo").files.front().hashes.at("sha256") == k_a);
    CHECK(needs(with("groups = [\"default\"]\n")).front() == "demo 1.0: needed");
    CHECK(needs(with("groups = [\"default\", \"test\"]\n")).front() == "demo 1.0: unknown");
    CHECK(needs(with("")).front() == "demo 1.0: unknown");
}

TEST_CASE("pdm.lock: an unknown format version is refused") {
    CHECK(try_lock("pdm.lock", "[metadata]\nlock_version = \"5.0\"\n").error().code == ErrorCode::lock_unsupported);
    CHECK(try_lock("pdm.lock", "[metadata]\nlock_version = \"x\"\n").error().code == ErrorCode::lock_malformed);
    CHECK_FALSE(try_lock("pdm.lock", "[[package]]\nname = \"x\"\n"));
}
