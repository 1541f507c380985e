#include <envlock/host/parallel_hasher.hpp>

#include <envlock/base/digest.hpp>

#include "host/hash_cache.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <vector>

using namespace envlock;

namespace {

std::vector<HashOutcome> hash_once(const std::string& cache, const std::vector<HashRequest>& requests, Freshness freshness = Freshness::cached) {
    return host::make_tree_hasher("/", cache, 3)->hash(requests, freshness);
}

void make_old(const std::string& path) {
    const timespec old[2] = {{1'600'000'000, 5}, {1'600'000'000, 5}};
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), old, 0) == 0);
}

}  // namespace

TEST_CASE("many files are hashed on several threads, in the order of the requests") {
    const test::TempFolder folder;
    std::vector<HashRequest> requests;
    for (int i = 0; i < 500; ++i) requests.push_back({folder.write("f" + std::to_string(i), std::string(static_cast<std::size_t>(i) * 997, 'x')), "sha256", -1});

    const auto seen = hash_once("", requests);

    REQUIRE(seen.size() == 500);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        REQUIRE(seen[i].state == HashState::hashed);
        REQUIRE(seen[i].digest == sha256_raw(std::string(i * 997, 'x')));
    }
}

TEST_CASE("each way of not being hashable has its own state") {
    const test::TempFolder folder;
    const auto file = folder.write("file", "12345");
    ::mkfifo((folder / "fifo").c_str(), 0600);
    std::filesystem::create_symlink("file", folder / "link");
    std::filesystem::create_symlink("none", folder / "dangling");

    const auto seen = hash_once("", {{folder / "none", "sha256", -1}, {folder.path(), "sha256", -1}, {folder / "fifo", "sha256", -1}, {file, "shake", -1},
                                     {file, "sha256", 4}, {folder / "link", "md5", -1}, {folder / "dangling", "sha256", -1}});

    CHECK(seen[0].state == HashState::missing);
    CHECK(seen[1].state == HashState::not_regular);
    CHECK(seen[2].state == HashState::not_regular);
    CHECK(seen[3].state == HashState::unsupported);
    CHECK(seen[4].state == HashState::too_large);
    CHECK(seen[5].state == HashState::hashed);
    CHECK(seen[5].via_symlink);
    CHECK(seen[6].state == HashState::missing);
}

TEST_CASE("a file changed within the last seconds is neither trusted from the cache nor written to it") {
    const test::TempFolder folder;
    const auto file = folder.write("file", "one");
    const auto cache = folder / "cache/hashes";

    hash_once(cache, {{file, "sha256", -1}});
    CHECK_FALSE(hash_once(cache, {{file, "sha256", -1}})[0].from_cache);
}

TEST_CASE("an unchanged old file comes from the cache, a changed one never does") {
    host::HashCache cache;
    FileInfo info{.kind = FileKind::regular, .device = 1, .inode = 2, .size = 3, .mtime_ns = 4, .ctime_ns = 5};
    cache.merge({host::make_entry(info, "sha256", "0123456789abcdef0123456789abcdef")}, 100'000'000'000);
    const test::TempFolder folder;
    REQUIRE(cache.save(folder / "hashes"));

    const auto loaded = host::HashCache::load(folder / "hashes");

    CHECK(loaded.find(info, "sha256") == "0123456789abcdef0123456789abcdef");
    CHECK(loaded.find(info, "sha512").empty());
    for (auto* changed : {&info.device, &info.inode, &info.size}) {
        ++*changed;
        CHECK(loaded.find(info, "sha256").empty());
        --*changed;
    }
    for (auto* changed : {&info.mtime_ns, &info.ctime_ns}) {
        ++*changed;
        CHECK(loaded.find(info, "sha256").empty());
        --*changed;
    }
}

TEST_CASE("full freshness hashes again whatever the cache holds") {
    const test::TempFolder folder;
    const auto file = folder.write("file", "one");
    make_old(file);
    CHECK_FALSE(hash_once(folder / "c", {{file, "sha256", -1}}, Freshness::full)[0].from_cache);
}

TEST_CASE("a damaged cache is as good as none") {
    const test::TempFolder folder;
    host::HashCache cache;
    const FileInfo info{.device = 1, .inode = 2};
    cache.merge({host::make_entry(info, "sha256", "x")}, 100'000'000'000);
    REQUIRE(cache.save(folder / "hashes"));
    std::fstream file(folder / "hashes", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);
    file.put('!');
    file.close();

    CHECK(host::HashCache::load(folder / "hashes").find(info, "sha256").empty());
}
