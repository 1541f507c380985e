#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <envlock/host/atomic_file.hpp>
#include <envlock/host/folder_cache.hpp>
#include <envlock/host/system_clock.hpp>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace {

using namespace envlock;
using namespace envlock::host;
namespace fs = std::filesystem;

std::size_t entries_of(const std::string& dir) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(dir), fs::directory_iterator()));
}

TEST_CASE("a file is replaced whole, with the mode asked for and nothing left over") {
    const test::TempFolder folder;
    folder.write("file", "old");

    const auto done = write_atomically(folder / "file", std::string("new\0bytes", 9), 0640);

    REQUIRE(done);
    CHECK(folder.read("file") == std::string("new\0bytes", 9));
    struct stat seen {};
    REQUIRE(::stat((folder / "file").c_str(), &seen) == 0);
    CHECK((seen.st_mode & 07777U) == 0640);
    CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a link at the place is replaced and its target left alone") {
    const test::TempFolder folder;
    folder.write("target", "kept");
    fs::create_symlink("target", folder / "link");

    REQUIRE(write_atomically(folder / "link", "new", 0600));

    CHECK(folder.read("target") == "kept");
    CHECK_FALSE(fs::is_symlink(folder / "link"));
}

TEST_CASE("a folder that is missing or a name that is none is an error") {
    const test::TempFolder folder;

    CHECK(write_atomically(folder / "none/file", "x", 0600).error().code == ErrorCode::write_failed);
    CHECK(write_atomically(folder.path() + "/", "x", 0600).error().code == ErrorCode::write_failed);
    CHECK(write_atomically(folder.path() + "/..", "x", 0600).error().code == ErrorCode::write_failed);
}

TEST_CASE("a write that does not fit leaves the old file whole and no other") {
    const test::TempFolder folder;
    folder.write("file", "old");

    const pid_t child = ::fork();
        REQUIRE(child >= 0);  // kill(-1) would reach everything
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{4096, 4096};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto done = write_atomically(folder / "file", std::string(100'000, 'x'), 0600);
        ::_exit(!done && done.error().code == ErrorCode::write_failed ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);

    CHECK(status == 0);
    CHECK(folder.read("file") == "old");
    CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("whoever is killed while writing leaves one version or the other") {
    const test::TempFolder folder;
    const std::string a(2'000'000, 'a'), b(2'000'000, 'b');
    folder.write("file", a);

    for (int round = 0; round < 10; ++round) {
        const pid_t child = ::fork();
        if (child == 0) {
            while (true) {
                (void)write_atomically(folder / "file", b, 0600);
                (void)write_atomically(folder / "file", a, 0600);
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(3 * round + 1));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);

        const auto now = folder.read("file");
        CHECK((now == a || now == b));
    }
}

TEST_CASE("a cache gives back what was put, and nothing when it is damaged") {
    const test::TempFolder folder;
    FolderCache cache(folder / "deep/cache");

    CHECK_FALSE(cache.get("index", "key"));
    cache.put("index", "key", std::string("val\0ue", 6));
    cache.put("index", "empty", "");
    CHECK(cache.get("index", "key") == std::string("val\0ue", 6));
    CHECK(cache.get("index", "empty") == std::string());
    CHECK_FALSE(cache.get("proof", "key"));

    struct stat seen {};
    REQUIRE(::stat((folder / "deep/cache/index").c_str(), &seen) == 0);
    CHECK((seen.st_mode & 0777U) == 0700);
    for (const auto& file : fs::directory_iterator(folder / "deep/cache/index")) fs::resize_file(file, fs::file_size(file) - 1);
    CHECK_FALSE(cache.get("index", "key"));
    CHECK_FALSE(cache.get("index", "empty"));
}

TEST_CASE("a bucket cannot lead out of the cache, and a cache without a folder keeps nothing") {
    const test::TempFolder folder;
    FolderCache cache(folder / "cache"), none("");

    cache.put("../out", "key", "x");
    cache.put("", "key", "x");
    none.put("index", "key", "x");

    CHECK(fs::is_empty(folder.path()));
    CHECK_FALSE(none.get("index", "key"));
}

TEST_CASE("the clock runs in seconds since 1970") { CHECK(SystemClock().now_seconds() > 1'700'000'000); }

}  // namespace
