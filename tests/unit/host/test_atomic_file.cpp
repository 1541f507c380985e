#include <envlock/host/atomic_file.hpp>

#include <envlock/host/folder_cache.hpp>
#include <envlock/host/posix_file_tree.hpp>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>

using namespace envlock;

namespace {
std::string contents(const std::string& path) { return *host::PosixFileTree().read(path, 1U << 20U); }
std::size_t entries(const test::TempFolder& folder) { return host::PosixFileTree().list(folder.path())->size(); }
}  // namespace

TEST_CASE("a file is replaced as a whole, with its mode") {
    const test::TempFolder folder;
    const auto path = folder.write("f", "old");

    REQUIRE(host::write_atomically(path, "new", 0600));

    CHECK(contents(path) == "new");
    CHECK((host::PosixFileTree().info(path)->mode & 0777U) == 0600);
    CHECK(entries(folder) == 1);
}

TEST_CASE("when the disk is full the old file stays and nothing is left behind") {
    const test::TempFolder folder;
    const auto path = folder.write("f", "old");

    const auto child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto written = host::write_atomically(path, std::string(5000, 'x'));
        ::_exit(!written && written.error().code == ErrorCode::write_failed ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);

    CHECK(status == 0);
    CHECK(contents(path) == "old");
    CHECK(entries(folder) == 1);
}

TEST_CASE("a symlink is replaced, what it points to is not touched") {
    const test::TempFolder folder;
    const auto target = folder.write("target", "safe");
    std::filesystem::create_symlink("target", folder / "link");

    REQUIRE(host::write_atomically(folder / "link", "new"));

    CHECK(contents(target) == "safe");
    CHECK(contents(folder / "link") == "new");
}

TEST_CASE("a folder that is not there is an error that names the file") {
    const auto written = host::write_atomically("/no/such/folder/f", "x");

    REQUIRE_FALSE(written);
    CHECK(written.error().subject == "/no/such/folder/f");
}

TEST_CASE("the cache gives back what was put in, and nothing when it is damaged") {
    const test::TempFolder folder;
    host::FolderCache cache(folder / "cache");

    cache.put("index", "key", std::string("va\0lue", 6));

    CHECK(cache.get("index", "key") == std::string("va\0lue", 6));
    CHECK_FALSE(cache.get("index", "other"));
    CHECK_FALSE(cache.get("proof", "key"));
    for (const auto& entry : std::filesystem::directory_iterator(folder / "cache/index")) std::filesystem::resize_file(entry.path(), 84);
    CHECK_FALSE(cache.get("index", "key"));
}
