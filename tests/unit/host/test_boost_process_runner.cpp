#include <envlock/host/boost_process_runner.hpp>

#include "support/catch.hpp"

#include <cstdlib>

using namespace envlock;

namespace {
const host::BoostProcessRunner& runner() {
    static const host::BoostProcessRunner made({{"PATH", "/usr/bin:/bin"}, {"ENVLOCK_PASSPHRASE", "secret"}, {"HOME", "/nonexistent"}});
    return made;
}
}  // namespace

TEST_CASE("a program's two streams, input, folder and exit code are its own") {
    const auto seen = runner().run({.argv = {"sh", "-c", "cat; pwd; echo no >&2; exit 3"}, .directory = "/usr", .input = "in\n"});

    INFO((seen ? std::string() : to_line(seen.error())));
    REQUIRE(seen);
    CHECK(seen->exit_code == 3);
    CHECK(seen->out == "in\n/usr\n");
    CHECK(seen->err == "no\n");
}

TEST_CASE("a program that is not there never ran: an error, not an exit code") {
    CHECK(runner().run({.argv = {"envlock-no-such-program"}}).error().code == ErrorCode::process_not_started);
    CHECK(runner().run({.argv = {"/no/such/program"}}).error().code == ErrorCode::process_not_started);
    CHECK(runner().run({.argv = {}}).error().code == ErrorCode::process_not_started);
}

TEST_CASE("a program that hangs is stopped at its limit") {
    const auto seen = runner().run({.argv = {"sleep", "60"}, .limit = std::chrono::milliseconds(100)});

    REQUIRE_FALSE(seen);
    CHECK(seen.error().code == ErrorCode::process_timed_out);
}

TEST_CASE("a program that writes without end is stopped at the cap") {
    const auto seen = runner().run({.argv = {"sh", "-c", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"}, .max_output = 100'000});

    REQUIRE_FALSE(seen);
    CHECK(seen.error().code == ErrorCode::process_failed);
}

TEST_CASE("a child sees no secret of ours, and a fixed language") {
    const auto seen = runner().run({.argv = {"env"}});

    REQUIRE(seen);
    CHECK(seen->out.find("secret") == std::string::npos);
    CHECK(seen->out.find("LC_ALL=C\n") != std::string::npos);
}

TEST_CASE("a large input that the child does not read does not hang or kill us") {
    const auto seen = runner().run({.argv = {"true"}, .input = std::string(4U << 20U, 'x')});

    REQUIRE(seen);
    CHECK(seen->exit_code == 0);
}
