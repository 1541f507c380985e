#include "sample.hpp"

using namespace envlock;
using namespace envlock::test;

TEST_CASE("a circle of dependencies ends, and the best way to a package counts") {
    const auto lock = read_lock("uv.lock", R"(version = 1
[[package]]
name = "app"
version = "0"
source = { virtual = "." }
dependencies = [{ name = "a" }]
[package.optional-dependencies]
more = [{ name = "b" }]
[[package]]
name = "a"
version = "1"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "c", marker = "platform_release > '5'" }]
[[package]]
name = "b"
version = "2"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "c" }, { name = "d" }]
[[package]]
name = "c"
version = "3"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "a" }, { name = "c" }, { name = "gone" }]
[[package]]
name = "d"
version = "4"
source = { registry = "https://index.example/simple" }
)");

    CHECK(needs(lock) == std::vector<std::string>{"app 0: needed", "a 1: needed", "b 2: optional", "c 3: unknown", "d 4: optional"});
}
