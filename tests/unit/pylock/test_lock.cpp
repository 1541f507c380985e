#include "sample.hpp"

using namespace envlock;
using pylock::lock_kind;
using pylock::LockKind;

TEST_CASE("a lock is known by its name") {
    CHECK(lock_kind("uv.lock") == LockKind::uv);
    CHECK(lock_kind("pylock.toml") == LockKind::pylock);
    CHECK(lock_kind("pylock.dev.toml") == LockKind::pylock);
    CHECK(lock_kind("poetry.lock") == LockKind::poetry);
    CHECK(lock_kind("pdm.lock") == LockKind::pdm);
    CHECK(lock_kind("Pipfile.lock") == LockKind::pipfile);
    CHECK(lock_kind("requirements-dev.txt") == LockKind::requirements);
    for (const auto* other : {"pylock.a.b.toml", "pylock..toml.x", "pylock.tom", "pylock.", "UV.lock", "flake.lock", "requirements.in", "my-requirements.txt", ""}) {
        CAPTURE(other);
        CHECK_FALSE(lock_kind(other));
    }
}

TEST_CASE("hostile sizes and shapes are refused, each with its place") {
    std::string dots;
    for (int i = 0; i < 100'000; ++i) dots += ".a";

    for (const auto* name : {"uv.lock", "pylock.toml", "poetry.lock", "pdm.lock"}) {
        CAPTURE(name);
        const auto deep = test::try_lock(name, "\na" + dots + " = 1\n");
        const auto broken = test::try_lock(name, "version = 1\n[[package]\n");
        REQUIRE_FALSE(deep);
        CHECK(deep.error().code == ErrorCode::lock_malformed);
        CHECK(deep.error().detail == "line 2: a key has more than 32 parts");
        REQUIRE_FALSE(broken);
        CHECK(broken.error().detail.starts_with("line 2: "));
        CHECK(broken.error().subject == name);
        CHECK_FALSE(test::try_lock(name, "a = " + std::string(100'000, '[')));
        CHECK_FALSE(test::try_lock(name, ""));
    }
    std::string same = "version = 1\n";
    for (int i = 0; i < 200; ++i) same += "[[package]]\nname = \"a\"\nversion = \"" + std::to_string(i) + "\"\n";
    CHECK(test::try_lock("uv.lock", same).error().detail == "too many packages of the name a");
    CHECK_FALSE(test::try_lock("Pipfile.lock", std::string(100'000, '[')));
    CHECK_FALSE(test::try_lock("Pipfile.lock", "{"));
    const auto large = test::try_lock("requirements.txt", std::string((16U << 20U) + 1, '#'));
    REQUIRE_FALSE(large);
    CHECK(large.error().code == ErrorCode::file_too_large);
}

TEST_CASE("names that are none, and control characters in what is shown, do not get through") {
    const auto bad = test::try_lock("uv.lock", "version = 1\n[[package]]\nname = \"../x\"\nversion = \"1\"\n");
    const auto lock = test::read_lock("uv.lock", "version = 1\n[[package]]\nname = \"Foo_Bar\"\nversion = \"1\\u001b[31m\"\nsource = { virtual = \".\" }\n");

    CHECK_FALSE(bad);
    CHECK(lock.packages.front().name == "foo-bar");
    CHECK(lock.packages.front().version == "1\\x1b[31m");
}
