#include <envlock/version/store_path.hpp>

#include "support/catch.hpp"

using namespace envlock;

namespace {
const std::string k_hash = "0c5b8vvcbvdd4hfq2lkbi8a5vsi5c0xy";
}

TEST_CASE("a store path is recognised, and a path inside one") {
    const auto whole = parse_store_path("/nix/store/" + k_hash + "-python3-3.12.4");
    const auto inside = parse_store_path("/nix/store/" + k_hash + "-python3-3.12.4/bin/python3");

    REQUIRE(whole);
    REQUIRE(inside);
    CHECK(whole->hash == k_hash);
    CHECK(inside->name == "python3-3.12.4");
}

TEST_CASE("what only looks like a store path is refused") {
    const auto base = "/nix/store/" + k_hash;
    for (const auto& bad : {std::string(), std::string("/nix/store/"), base, base + "-", base + "-/x", base + "-.hidden", base + "-a b", base + "x-a",
                            "/gnu/store/" + k_hash + "-a", "/nix/store/e" + k_hash.substr(1) + "-a", base + "-a/../b", base + "-a/..",
                            base + "-" + std::string(212, 'a')}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_store_path(bad));
    }
}

TEST_CASE("a store name is split where Nix splits it") {
    CHECK(split_store_name("python3.12-numpy-1.26.4").pname == "python3.12-numpy");
    CHECK(split_store_name("python3.12-numpy-1.26.4").version == "1.26.4");
    CHECK(split_store_name("gcc-wrapper").version == "");
    CHECK(split_store_name("glibc-2.39-52").version == "2.39-52");
    CHECK(split_store_name("a-").pname == "a-");
}
