#include <envlock/sign/allowed_signers.hpp>

#include "support/catch.hpp"

using namespace envlock;
using sign::parse_allowed_signers;

namespace {
const std::string k_key = sign::generate_key(sign::KeyType::ed25519)->public_key().openssh_line();
}

TEST_CASE("comments are skipped, options are read, and comments after the key do no harm") {
    const auto store = parse_allowed_signers("# team\n\nalice " + k_key + " a comment\nbob namespaces=\"git,envlock-manifest\",valid-after=\"20260101\",valid-before=\"20270101120000Z\" " + k_key + "\n", "s");

    REQUIRE(store);
    REQUIRE(store->keys.size() == 2);
    CHECK(store->keys[0].principal == "alice");
    CHECK(store->keys[1].line == 4);
    CHECK(store->keys[1].valid_after == 1'767'225'600);
    CHECK(store->keys[1].valid_before == 1'798'804'800);
}

TEST_CASE("a line for another use, an authority or an unknown key type is left out, and said so") {
    const auto store = parse_allowed_signers("a namespaces=\"git\" " + k_key + "\nb cert-authority " + k_key + "\nc sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t\n", "s");

    REQUIRE(store);
    CHECK(store->keys.empty());
    CHECK(store->warnings.size() == 3);
}

TEST_CASE("namespaces are a pattern list, in which a negated pattern wins") {
    const auto accepted = [](const std::string& list) { return parse_allowed_signers("a namespaces=\"" + list + "\" " + k_key + "\n", "s")->keys.size() == 1; };

    CHECK(accepted("envlock-manifest"));
    CHECK(accepted("git,envlock-*"));
    CHECK(accepted("envlock?manifest"));
    CHECK_FALSE(accepted("*,!envlock-manifest"));
    CHECK_FALSE(accepted("!envlock-*,*"));
    CHECK_FALSE(accepted("envlock"));
    CHECK_FALSE(accepted(""));
}

TEST_CASE("a malformed line is an error that names it: a trust store is no place to guess") {
    for (const auto* line : {"alice", "alice ssh-ed25519", "alice ssh-ed25519 AAAA", "alice valid-before=\"soon\" ssh-ed25519 AAAA", "alice no-such-option ssh-ed25519 AAAA", "alice namespaces=\"git\",namespaces=\"*\" ssh-ed25519 AAAA"}) {
        INFO(line);
        const auto store = parse_allowed_signers("# x\n" + std::string(line) + "\n", "store");
        REQUIRE_FALSE(store);
        CHECK(store.error().subject.find("line 2") != std::string::npos);
    }
}
