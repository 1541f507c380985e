#include "sample.hpp"

using namespace envlock;
using namespace envlock::test;
using pylock::SourceKind;

namespace {

const std::string k_lock = R"(version = 1
revision = 2
requires-python = ">=3.11"

[manifest]
members = ["app"]

[[package]]
name = "app"
source = { editable = "." }
dependencies = [
    { name = "numpy", version = "1.26.4", source = { registry = "https://index.example/simple" }, marker = "python_full_version < '3.12'" },
    { name = "numpy", version = "2.1.0", source = { registry = "https://index.example/simple" }, marker = "python_full_version >= '3.12'" },
    { name = "rich", extra = ["jupyter"] },
    { name = "pywin32", marker = "sys_platform == 'win32'" },
]

[package.optional-dependencies]
docs = [{ name = "sphinx" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://user:secret@index.example/simple" }
resolution-markers = ["python_full_version < '3.12'"]
sdist = { url = "https://files.index.example/numpy-1.26.4.tar.gz?token=1", hash = "sha256:)" + k_b + R"(", size = 7 }
wheels = [
    { url = "https://files.index.example/a%2Bb/numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl", hash = "sha256:)" + k_a + R"(", size = 18 },
]

[[package]]
name = "numpy"
version = "2.1.0"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version >= '3.12'"]

[[package]]
name = "rich"
version = "13.0"
source = { git = "https://forge.example/rich?rev=main#0123456789abcdef" }

[package.optional-dependencies]
jupyter = [{ name = "ipython" }]
cloud = [{ name = "boto3" }]

[[package]]
name = "ipython"
version = "8.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "boto3"
version = "1.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "sphinx"
version = "7.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "pytest"
version = "8.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "ipython" }]

[[package]]
name = "pywin32"
version = "306"
source = { registry = "https://index.example/simple" }
)";

}  // namespace

TEST_CASE("uv.lock: packages with their source, and files with their hashes") {
    const auto lock = read_lock("uv.lock", k_lock);
    const auto& numpy = package(lock, "numpy");
    const auto& rich = package(lock, "rich");

    CHECK(lock.format_version == "1 revision 2");
    CHECK(lock.requires_python == ">=3.11");
    CHECK(lock.warnings.empty());
    CHECK(numpy.origin == "https://index.example/simple");
    REQUIRE(numpy.files.size() == 2);
    CHECK(numpy.files[0].url == "https://files.index.example/numpy-1.26.4.tar.gz");
    CHECK(numpy.files[0].size == 7);
    CHECK(numpy.files[1].filename == "numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl");
    CHECK(numpy.files[1].hashes == std::map<std::string, std::string>{{"sha256", k_a}});
    CHECK(rich.source == SourceKind::vcs);
    CHECK(rich.commit == "0123456789abcdef");
    CHECK(rich.origin == "https://forge.example/rich");
}

TEST_CASE("uv.lock: what is needed follows from the project along its dependencies") {
    CHECK(needs(read_lock("uv.lock", k_lock)) ==
          std::vector<std::string>{"app : needed", "numpy 1.26.4: needed", "numpy 2.1.0: not here", "rich 13.0: needed", "ipython 8.0: needed",
                                   "boto3 1.0: not here", "sphinx 7.0: optional", "pytest 8.0: optional", "pywin32 306: not here"});
}

TEST_CASE("uv.lock: a variable that is not known leaves the packages behind it unknown") {
    auto environment = linux_311();
    environment.variables.erase("sys_platform");

    CHECK(needs(read_lock("uv.lock", k_lock), environment).back() == "pywin32 306: unknown");
}

TEST_CASE("uv.lock: another version is refused, a newer revision is read with a warning") {
    const auto two = try_lock("uv.lock", "version = 2\n");
    const auto later = read_lock("uv.lock", "version = 1\nrevision = 99\n");

    REQUIRE_FALSE(two);
    CHECK(two.error().code == ErrorCode::lock_unsupported);
    CHECK(two.error().detail == "version 2");
    CHECK(later.warnings == std::vector<std::string>{"revision 99 is newer than what is known"});
    CHECK_FALSE(try_lock("uv.lock", "revision = 1\n"));
}

TEST_CASE("uv.lock: every kind of source is read, and a path that leaves the project is not kept") {
    const auto lock = read_lock("uv.lock", R"(version = 1
[[package]]
name = "a"
version = "1"
source = { virtual = "." }
[[package]]
name = "b"
version = "1"
source = { url = "https://u:p@index.example/b-1-py3-none-any.whl" }
wheels = [{ url = "https://u:p@index.example/b-1-py3-none-any.whl", hash = "md5:zz" }]
[[package]]
name = "c"
version = "1"
source = { path = "../outside/c-1-py3-none-any.whl" }
wheels = [{ filename = "c-1-py3-none-any.whl", hash = "sha256:)" + k_a + R"(" }]
[[package]]
name = "d"
version = "1"
source = { directory = "libs/d" }
[[package]]
name = "e"
version = "1"
source = { moon = "x" }
)");

    CHECK(package(lock, "a").source == SourceKind::nothing);
    CHECK(package(lock, "b").source == SourceKind::archive);
    CHECK(package(lock, "b").origin == "https://index.example/b-1-py3-none-any.whl");
    CHECK(package(lock, "c").origin.empty());
    CHECK(package(lock, "c").files.front().filename == "c-1-py3-none-any.whl");
    CHECK(package(lock, "d").source == SourceKind::path);
    CHECK(package(lock, "d").origin == "libs/d");
    CHECK(lock.warnings == std::vector<std::string>{"b: a hash that cannot be read", "c: its path leaves the project", "e: unknown kind of source: moon"});
}

TEST_CASE("uv.lock: a workspace without a project of its own starts from its members, a script from its requirements") {
    const auto workspace = read_lock("uv.lock", R"(version = 1
[manifest]
members = ["one"]
[[package]]
name = "one"
source = { editable = "packages/one" }
dependencies = [{ name = "two" }]
[[package]]
name = "two"
version = "2"
source = { registry = "https://index.example/simple" }
)");
    const auto script = read_lock("uv.lock", R"(version = 1
[manifest]
requirements = [{ name = "two", specifier = ">=1" }]
[[package]]
name = "two"
version = "2"
source = { registry = "https://index.example/simple" }
)");
    const auto nothing = read_lock("uv.lock", "version = 1\n[[package]]\nname = \"two\"\nversion = \"2\"\nsource = { registry = \"https://index.example/simple\" }\n");

    CHECK(needs(workspace) == std::vector<std::string>{"one : needed", "two 2: needed"});
    CHECK(needs(script).front() == "two 2: needed");
    CHECK(needs(nothing) == std::vector<std::string>{"two 2: unknown"});
    CHECK(nothing.warnings.size() == 1);
}
