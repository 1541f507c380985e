#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/host/parallel_hasher.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace {

using namespace envlock;
using namespace envlock::host;
namespace fs = std::filesystem;

// Sets mtime; ctime cannot be set, so the files of a test have to become old by waiting.
void wait_until_old() { std::this_thread::sleep_for(std::chrono::milliseconds(3200)); }

TEST_CASE("every file gets its digest or the reason why not, in the order asked for") {
    const test::TempFolder folder;
    folder.write("a", "alpha");
    folder.write("empty", "");
    folder.write("big", std::string(3'000'000, 'x'));
    fs::create_symlink("a", folder / "link");
    fs::create_symlink("nowhere", folder / "dangling");
    fs::create_symlink("loop", folder / "loop");
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    const auto ask = [&](const char* name) { return HashRequest{folder / name, "sha256"}; };
    std::vector<HashRequest> requests{ask("a"), ask("empty"), ask("big"), ask("link"), ask("dangling"), ask("loop"), ask("fifo"), ask(""), ask("none")};
    requests.push_back({folder / "a", "no-such"});
    requests.push_back({folder / "big", "sha256", 10});
    requests.push_back({folder / "a", "md5"});

    const auto out = make_tree_hasher("/", "", 4)->hash(requests, Freshness::cached);

    REQUIRE(out.size() == requests.size());
    CHECK(out[0].digest == sha256_raw("alpha"));
    CHECK(out[0].info.size == 5);
    CHECK(out[1].digest == sha256_raw(""));
    CHECK(out[2].digest == sha256_raw(std::string(3'000'000, 'x')));
    CHECK(out[3].digest == out[0].digest);
    CHECK(out[3].via_symlink);
    CHECK_FALSE(out[0].via_symlink);
    CHECK(out[4].state == HashState::missing);
    CHECK(out[5].state == HashState::unreadable);
    CHECK(out[6].state == HashState::not_regular);
    CHECK(out[7].state == HashState::not_regular);
    CHECK(out[8].state == HashState::missing);
    CHECK(out[9].state == HashState::unsupported);
    CHECK(out[10].state == HashState::too_large);
    CHECK(out[11].digest.size() == 16);
}

TEST_CASE("links inside a root lead to files of that root") {
    const test::TempFolder folder;
    folder.write("root/etc/real", "inside");
    fs::create_symlink("/etc/real", folder / "root/link");

    const std::vector<HashRequest> requests{{"/link", "sha256"}};
    const auto out = make_tree_hasher(folder / "root", "")->hash(requests, Freshness::full);

    CHECK(out[0].digest == sha256_raw("inside"));
    CHECK(out[0].via_symlink);
}

TEST_CASE("the cache answers for old files only, until they change or it is damaged") {
    const test::TempFolder folder;
    folder.write("old", "old");
    wait_until_old();
    folder.write("young", "young");
    const auto cache = folder / "cache/hashes";
    const std::vector<HashRequest> requests{{folder / "old", "sha256"}, {folder / "young", "sha256"}};
    const auto run = [&](Freshness freshness) { return make_tree_hasher("/", cache)->hash(requests, freshness); };

    const auto first = run(Freshness::cached);
    const auto second = run(Freshness::cached);
    const auto full = run(Freshness::full);

    CHECK_FALSE(first[0].from_cache);
    CHECK(second[0].from_cache);
    CHECK(second[0].digest == sha256_raw("old"));
    CHECK_FALSE(second[1].from_cache);
    CHECK(second[1].digest == sha256_raw("young"));
    CHECK_FALSE(full[0].from_cache);

    SECTION("other bytes of the same length, with the old time put back, are seen") {
        struct stat before {};
        REQUIRE(::stat(requests[0].path.c_str(), &before) == 0);
        folder.write("old", "new");
        const timespec times[2] = {before.st_atim, before.st_mtim};
        REQUIRE(::utimensat(AT_FDCWD, requests[0].path.c_str(), times, 0) == 0);

        const auto again = run(Freshness::cached);

        CHECK_FALSE(again[0].from_cache);
        CHECK(again[0].digest == sha256_raw("new"));
    }
    SECTION("one flipped bit and the whole file is ignored") {
        auto bytes = folder.read("cache/hashes");
        bytes.back() = static_cast<char>(bytes.back() ^ 1);
        folder.write("cache/hashes", bytes);

        CHECK_FALSE(run(Freshness::cached)[0].from_cache);
        CHECK(run(Freshness::cached)[0].from_cache);
    }
    SECTION("a cut or foreign file is ignored") {
        folder.write("cache/hashes", folder.read("cache/hashes").substr(0, 70));
        CHECK_FALSE(run(Freshness::cached)[0].from_cache);
        folder.write("cache/hashes", "something else");
        CHECK_FALSE(run(Freshness::cached)[0].from_cache);
    }
    SECTION("another run's records stay when this one's are added") {
        folder.write("third", "third");
        wait_until_old();
        const std::vector<HashRequest> other{{folder / "third", "sha256"}};
        make_tree_hasher("/", cache)->hash(other, Freshness::cached);

        CHECK(run(Freshness::cached)[0].from_cache);
        CHECK(make_tree_hasher("/", cache)->hash(other, Freshness::cached)[0].from_cache);
    }
}

TEST_CASE("a file that grows while it is read is unstable, never half a digest") {
    const test::TempFolder folder;
    const auto path = folder.write("growing", std::string(40'000'000, 'x'));
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        std::ofstream out(path, std::ios::app | std::ios::binary);
        while (!stop) out << 'y' << std::flush;
    });

    const std::vector<HashRequest> requests{{path, "sha256"}};
    const auto out = make_tree_hasher("/", "")->hash(requests, Freshness::full);
    stop = true;
    writer.join();

    CHECK(out[0].state == HashState::unstable);
    CHECK(out[0].digest.empty());
}

}  // namespace
