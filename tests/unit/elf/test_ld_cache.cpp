#include <envlock/elf/ld_cache.hpp>

#include "support/catch.hpp"

using namespace envlock::elf;

namespace {

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) out += i < 8 ? static_cast<char>(value >> (8 * i) & 0xffU) : '\0';
}

std::string modern(std::uint64_t hwcap) {
    const std::string strings = std::string("libz.so.1\0/lib/hw/libz.so.1\0/lib/libz.so.1\0", 43);
    std::string out = "glibc-ld.so.cache1.1";
    put(out, 2, 4), put(out, strings.size(), 4), put(out, 0, 20);
    const std::size_t base = 48 + 2 * 24;
    put(out, 0x303, 4), put(out, base, 4), put(out, base + 10, 4), put(out, 0, 4), put(out, hwcap, 8);
    put(out, 0x303, 4), put(out, base, 4), put(out, base + 28, 4), put(out, 0, 4), put(out, 0, 8);
    return out + strings;
}

}  // namespace

TEST_CASE("the entry for every processor comes before those for special ones") {
    const auto cache = LdCache::parse(modern(1), "cache");

    REQUIRE(cache);
    REQUIRE(cache->entries().size() == 2);
    CHECK(cache->find("libz.so.1").front()->path == "/lib/libz.so.1");
    CHECK(cache->find("libz.so.1").front()->flags == 0x303);
    CHECK(cache->find("libq.so").empty());
}

TEST_CASE("the new block is found behind an old one") {
    std::string old = "ld.so-1.7.0";
    put(old, 0, 1), put(old, 1, 4), put(old, 3, 4), put(old, 0, 8);
    old.resize((old.size() + 7) / 8 * 8, '\0');

    const auto cache = LdCache::parse(old + modern(0), "cache");

    REQUIRE(cache);
    CHECK(cache->find("libz.so.1").size() == 2);
}

TEST_CASE("an old block alone is read too") {
    std::string old = "ld.so-1.7.0";
    put(old, 0, 1), put(old, 1, 4), put(old, 3, 4), put(old, 0, 4), put(old, 10, 4);

    const auto cache = LdCache::parse(old + std::string("libz.so.1\0/lib/libz.so.1\0", 25), "cache");

    REQUIRE(cache);
    CHECK(cache->find("libz.so.1").front()->path == "/lib/libz.so.1");
}

TEST_CASE("a cut cache is refused at every length") {
    const auto whole = modern(0);

    for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(LdCache::parse(whole.substr(0, size), "cache"));
}
