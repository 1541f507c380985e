#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <envlock/host/boost_process_runner.hpp>

#include <sys/stat.h>

#include <thread>

namespace {

using namespace envlock;
using namespace envlock::host;
using namespace std::chrono_literals;

BoostProcessRunner runner() { return BoostProcessRunner({{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", "/nowhere"}, {"ENVLOCK_KEY", "secret"}}); }
Command shell(std::string script) { return {.argv = {"sh", "-c", std::move(script)}}; }

TEST_CASE("both outputs and the exit code come back") {
    const auto got = runner().run(shell("echo out; echo err >&2; exit 3"));

    REQUIRE(got);
    CHECK(got->exit_code == 3);
    CHECK(got->out == "out\n");
    CHECK(got->err == "err\n");
}

TEST_CASE("a program that is missing never ran") {
    CHECK(runner().run({.argv = {"no-such-program"}}).error().code == ErrorCode::process_not_started);
    CHECK(runner().run({.argv = {"/no/such/program"}}).error().code == ErrorCode::process_not_started);
    CHECK(runner().run({.argv = {}}).error().code == ErrorCode::process_not_started);
}

TEST_CASE("a file that is no program did not start either") {
    const test::TempFolder folder;
    ::chmod(folder.write("text", "").c_str(), 0700);
    ::chmod(folder.write("wrong", "#!/no/such/interpreter\n").c_str(), 0700);

    CHECK(runner().run({.argv = {folder / "wrong"}}).error().code == ErrorCode::process_not_started);
    CHECK(runner().run({.argv = {folder / "text"}}).error().code == ErrorCode::process_not_started);
}

TEST_CASE("the child sees the small environment only") {
    const auto got = runner().run({.argv = {"env"}});

    REQUIRE(got);
    CHECK(got->out.find("HOME=/nowhere\n") != std::string::npos);
    CHECK(got->out.find("LC_ALL=C\n") != std::string::npos);
    CHECK(got->out.find("ENVLOCK") == std::string::npos);
}

TEST_CASE("input and working directory reach the child, and arguments are never shell words") {
    const test::TempFolder folder;
    Command cat{.argv = {"cat"}, .directory = folder.path(), .input = std::string(1'000'000, 'i')};
    Command pwd{.argv = {"pwd"}, .directory = folder.path()};
    Command closed{.argv = {"true"}, .input = std::string(1'000'000, 'i')};

    CHECK(runner().run(cat)->out == cat.input);
    CHECK(runner().run(pwd)->out == folder.path() + "\n");
    CHECK(runner().run(closed)->exit_code == 0);
    CHECK(runner().run({.argv = {"printf", "%s", "$(id); `id`"}})->out == "$(id); `id`");
    CHECK(runner().run({.argv = {"cat"}})->out.empty());
}

TEST_CASE("time is limited, also for what the child left behind") {
    const auto started = std::chrono::steady_clock::now();
    auto sleeping = shell("sleep 20 & sleep 20");
    auto silent = shell("exec >&- 2>&-; sleep 20");
    sleeping.limit = silent.limit = 200ms;

    CHECK(runner().run(sleeping).error().code == ErrorCode::process_timed_out);
    CHECK(runner().run(silent).error().code == ErrorCode::process_timed_out);
    CHECK(std::chrono::steady_clock::now() - started < 10s);
}

TEST_CASE("a program that writes without end is stopped at the cap") {
    Command endless{.argv = {"head", "-c", "100000000", "/dev/zero"}};
    endless.max_output = 1U << 20U;

    CHECK(runner().run(endless).error().code == ErrorCode::process_failed);
}

TEST_CASE("a signal is an exit code above 128") { CHECK(runner().run(shell("kill -9 $$"))->exit_code == 137); }

TEST_CASE("many programs at once do not hold each other's pipes") {
    std::vector<std::thread> threads;
    std::vector<std::string> outs(8);
    for (std::size_t i = 0; i < outs.size(); ++i) {
        threads.emplace_back([&, i] {
            if (const auto got = runner().run(shell("sleep 0." + std::to_string(i) + "; echo " + std::to_string(i)))) outs[i] = got->out;
        });
    }
    for (auto& thread : threads) thread.join();

    for (std::size_t i = 0; i < outs.size(); ++i) CHECK(outs[i] == std::to_string(i) + "\n");
}

}  // namespace
