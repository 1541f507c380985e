#include "sample.hpp"

using namespace envlock;
using namespace envlock::test;
using pylock::SourceKind;

TEST_CASE("poetry.lock of Poetry 2: groups and markers stand at the package") {
    const auto lock = read_lock("poetry.lock", R"([[package]]
name = "Demo"
version = "1.0"
optional = false
python-versions = ">=3.8"
groups = ["main"]
files = [{file = "demo-1.0-py3-none-any.whl", hash = "sha256:)" + k_a + R"("}]

[[package]]
name = "colorama"
version = "0.4.6"
optional = false
groups = ["main", "dev"]
markers = {main = "sys_platform == \"win32\"", dev = "os_name == \"posix\""}
files = []

[[package]]
name = "tomli"
version = "2.0"
optional = false
groups = ["main"]
markers = "python_version < \"3.11\""
files = []

[[package]]
name = "pytest"
version = "8.0"
optional = false
groups = ["dev"]
files = []

[[package]]
name = "boto3"
version = "1.0"
optional = true
groups = ["main"]
files = []

[metadata]
lock-version = "2.1"
python-versions = ">=3.10,<4.0"
content-hash = "00"
)");

    CHECK(lock.format_version == "2.1");
    CHECK(lock.requires_python == ">=3.10,<4.0");
    CHECK(package(lock, "demo").files.front().hashes.at("sha256") == k_a);
    CHECK(needs(lock) == std::vector<std::string>{"demo 1.0: needed", "colorama 0.4.6: not here", "tomli 2.0: not here", "pytest 8.0: optional", "boto3 1.0: optional"});
}

TEST_CASE("poetry.lock of Poetry 1: categories where there are any, and dependencies with markers") {
    const std::string packages = R"([[package]]
name = "app-dep"
version = "1.0"
CATEGORY
optional = false

[package.dependencies]
child = ">=1"
windows = {version = "*", markers = "sys_platform == \"win32\""}
Maybe = {version = "*", optional = true}
several = [{version = ">=1", markers = "python_version < \"3.8\""}, {version = ">=2", markers = "python_version >= \"3.8\""}]

[[package]]
name = "child"
version = "1.1"
CATEGORY
optional = false

[[package]]
name = "windows"
version = "1.2"
CATEGORY
optional = false

[[package]]
name = "maybe"
version = "1.3"
CATEGORY
optional = true

[[package]]
name = "several"
version = "2.0"
CATEGORY
optional = false

[metadata]
lock-version = "1.1"
content-hash = "00"

[metadata.files]
app_dep = [{file = "app_dep-1.0.tar.gz", hash = "sha256:)" + k_a + R"("}]
)";
    const auto with = [&](const std::string& category) {
        auto text = packages;
        for (auto at = text.find("CATEGORY"); at != std::string::npos; at = text.find("CATEGORY")) text.replace(at, 8, category);
        return read_lock("poetry.lock", text);
    };

    CHECK(needs(with("category = \"main\"")) ==
          std::vector<std::string>{"app-dep 1.0: needed", "child 1.1: needed", "windows 1.2: not here", "maybe 1.3: optional", "several 2.0: needed"});
    CHECK(needs(with("category = \"dev\""))[1] == "child 1.1: optional");
    CHECK(needs(with("")) == std::vector<std::string>{"app-dep 1.0: unknown", "child 1.1: unknown", "windows 1.2: not here", "maybe 1.3: optional", "several 2.0: unknown"});
    CHECK(package(with(""), "app-dep").files.front().filename == "app_dep-1.0.tar.gz");
}

TEST_CASE("poetry.lock: sources, bare hashes of the first format, and versions") {
    const auto lock = read_lock("poetry.lock", R"([[package]]
name = "a"
version = "1"
[package.source]
type = "git"
url = "https://u:p@forge.example/a.git"
reference = "main"
resolved_reference = "abc"
[[package]]
name = "b"
version = "1"
develop = true
[package.source]
type = "directory"
url = "../b"
[[package]]
name = "c"
version = "1"
[package.source]
type = "legacy"
url = "https://u:p@index.example/simple"
reference = "own"
[metadata]
content-hash = "00"
[metadata.hashes]
c = [")" + k_a + R"(", "zz"]
)");

    CHECK(package(lock, "a").source == SourceKind::vcs);
    CHECK(package(lock, "a").commit == "abc");
    CHECK(package(lock, "a").origin == "https://forge.example/a.git");
    CHECK(package(lock, "b").source == SourceKind::editable);
    CHECK(package(lock, "b").origin.empty());
    CHECK(package(lock, "c").origin == "https://index.example/simple");
    CHECK(package(lock, "c").files.front().hashes.at("sha256") == k_a);
    CHECK(lock.warnings == std::vector<std::string>{"b: its path leaves the project", "c: a hash that cannot be read"});
    CHECK(try_lock("poetry.lock", "[metadata]\nlock-version = \"3.0\"\n").error().code == ErrorCode::lock_unsupported);
    CHECK(read_lock("poetry.lock", "[metadata]\nlock-version = \"2.9\"\n").warnings.size() == 1);
    CHECK_FALSE(try_lock("poetry.lock", "package = []\n"));
    CHECK_FALSE(try_lock("poetry.lock", "[[package]]\nname = \"x\"\n[metadata]\n"));
}
