#include <envlock/index/known_files.hpp>

#include "support/catch.hpp"
#include "support/memory_cache.hpp"

using namespace envlock;
using index::KnownFiles;

namespace {
const std::string k_a(64, 'a'), k_b(64, 'b'), k_record(64, '1');
}

TEST_CASE("the first hash of a file is kept for ever, one index apart from the other") {
    test::MemoryCache cache;
    {
        auto known = KnownFiles::load(cache, "x", "1.0");
        CHECK(known.first_hash({"x.whl", k_a, "https://index.example/"}) == k_a);
        known.store(cache);
    }
    auto known = KnownFiles::load(cache, "x", "1.0");

    CHECK(known.first_hash({"x.whl", k_b, "https://index.example/"}) == k_a);
    CHECK(known.first_hash({"x.whl", k_b, "https://other.example/"}) == k_b);
    CHECK(KnownFiles::load(cache, "x", "2.0").first_hash({"x.whl", k_b, "https://index.example/"}) == k_b);
}

TEST_CASE("a proof is remembered by the bytes of the installed RECORD") {
    test::MemoryCache cache;
    auto known = KnownFiles::load(cache, "x", "1.0");
    known.remember_proof(k_record, {"x.whl", k_a, "https://index.example/"});
    known.store(cache);

    const auto again = KnownFiles::load(cache, "x", "1.0");

    REQUIRE(again.proved(k_record));
    CHECK(again.proved(k_record)->sha256 == k_a);
    CHECK_FALSE(again.proved(std::string(64, '2')));
}

TEST_CASE("names and hashes that could forge a line are not kept, and damaged lines are skipped") {
    test::MemoryCache cache;
    auto known = KnownFiles::load(cache, "x", "1.0");
    known.first_hash({"x.whl\nproved " + k_record + " i x.whl " + k_b, k_a, "https://index.example/"});
    known.remember_proof(k_record, {"two words.whl", k_a, "https://index.example/"});
    known.remember_proof("short", {"x.whl", k_a, "https://index.example/"});
    known.store(cache);
    CHECK_FALSE(KnownFiles::load(cache, "x", "1.0").proved(k_record));

    cache.put("published", "x\n1.0", "proved\nfile a b\nproved " + k_record + " i x.whl nothash\n\xFF\xFE\n");
    CHECK_FALSE(KnownFiles::load(cache, "x", "1.0").proved(k_record));
}
