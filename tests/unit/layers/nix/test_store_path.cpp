#include "layers/nix/store_path.hpp"

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("the store path of an input follows from its narHash alone") {
    struct Row {
        std::string_view nar_hash, base;
    };
    const auto row = GENERATE(Row{"sha256-Vy1rq5AaRuLzOxct8nz4T6wlgyUR7zLU309k9mBC768=", "yj1wxm9hh8610iyzqnz75kvs6xl8j3my-source"},
                              Row{"sha256-X6rJYSESBVr3hBoH0WbKE5KvhPU5bloyZ2L4K60/fPQ=", "xpkysrb9pn0yqrm1bkll4dr2gqahj43x-source"},
                              Row{"sha256-HP89HZOT0ReIbI7IJZJQoJgxvB2Tn28V6XS3MNKnfLs=", "lryfc8mhk1czqsa421di2y5nzz5c3b8m-source"});

    const auto raw = nix::parse_nar_hash(row.nar_hash);

    REQUIRE(raw);
    CHECK(nix::source_store_path(*raw) == "/nix/store/" + std::string(row.base));
}

TEST_CASE("a narHash may lack its padding, and is nothing but SHA-256") {
    CHECK(nix::parse_nar_hash("sha256-Vy1rq5AaRuLzOxct8nz4T6wlgyUR7zLU309k9mBC768"));
    CHECK_FALSE(nix::parse_nar_hash(""));
    CHECK_FALSE(nix::parse_nar_hash("sha256-"));
    CHECK_FALSE(nix::parse_nar_hash("sha1-Vy1rq5AaRuLzOxct8nz4T6wlgyU="));
    CHECK_FALSE(nix::parse_nar_hash("sha256-Vy1rq5AaRuLzOxct8nz4T6wlgyUR7zLU309k9mBC76"));
    CHECK_FALSE(nix::parse_nar_hash("sha512-Vy1rq5AaRuLzOxct8nz4T6wlgyUR7zLU309k9mBC768="));
}
