#include <envlock/sign/keys.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/json/value.hpp>

#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace envlock;
using sign::KeyType;
using sign::PublicKey;

namespace {
std::string ssh_line(std::string_view point) {
    std::string wire("\0\0\0\x0bssh-ed25519\0\0\0\x20", 19);
    return base64(wire + std::string(point));
}
}  // namespace

TEST_CASE("a key of either type signs and verifies, and nothing else verifies") {
    for (const auto type : {KeyType::ed25519, KeyType::ecdsa_p256}) {
        const auto key = sign::generate_key(type);
        REQUIRE(key);
        auto signature = *key->sign("message");

        CHECK(key->public_key().verifies("message", signature));
        CHECK_FALSE(key->public_key().verifies("massage", signature));
        CHECK_FALSE(sign::generate_key(type)->public_key().verifies("message", signature));
        signature.back() = static_cast<char>(signature.back() ^ 1);
        CHECK_FALSE(key->public_key().verifies("message", signature));
        CHECK_FALSE(key->public_key().verifies("message", ""));
    }
}

TEST_CASE("a key goes through PEM, OpenSSH's line and a passphrase unchanged") {
    for (const auto type : {KeyType::ed25519, KeyType::ecdsa_p256}) {
        const auto key = *sign::generate_key(type);
        const auto line = key.public_key().openssh_line();
        const auto space = line.find(' ');

        CHECK(*PublicKey::from_pem(key.public_key().to_pem(), "k") == key.public_key());
        CHECK(*PublicKey::from_openssh(line.substr(0, space), line.substr(space + 1), "k") == key.public_key());
        CHECK(sign::read_private_key(*key.to_pem(""), "k", "")->public_key() == key.public_key());
        const auto sealed = *key.to_pem("open sesame");
        CHECK(sealed.find("ENCRYPTED") != std::string::npos);
        CHECK(sign::read_private_key(sealed, "k", "open sesame")->public_key() == key.public_key());
        CHECK(sign::read_private_key(sealed, "k", "").error().detail.find("ENVLOCK_PASSPHRASE") != std::string::npos);
        CHECK_FALSE(sign::read_private_key(sealed, "k", "wrong"));
    }
}

TEST_CASE("RFC 8032's first test vector verifies") {
    const auto key = PublicKey::from_openssh("ssh-ed25519", ssh_line(*from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")), "k");

    REQUIRE(key);
    CHECK(key->verifies("", *from_hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")));
}

TEST_CASE("a public key of small order, or not in canonical form, is refused when it is read") {
    for (const auto* hex : {"0100000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000080",
                            "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"}) {
        INFO(hex);
        CHECK_FALSE(PublicKey::from_openssh("ssh-ed25519", ssh_line(*from_hex(hex)), "k"));
    }
}

TEST_CASE("a key line that lies about itself is refused") {
    const auto line = sign::generate_key(KeyType::ed25519)->public_key().openssh_line().substr(12);

    CHECK_FALSE(PublicKey::from_openssh("ecdsa-sha2-nistp256", line, "k"));
    CHECK_FALSE(PublicKey::from_openssh("ssh-ed25519", line.substr(0, line.size() - 4), "k"));
    CHECK_FALSE(PublicKey::from_openssh("ssh-ed25519", "AAAA", "k"));
    CHECK_FALSE(PublicKey::from_openssh("ssh-ed25519", "not base64!", "k"));
}

TEST_CASE("a private key that others may read is refused") {
    CHECK(sign::check_key_mode(0600, "k"));
    CHECK(sign::check_key_mode(0400, "k"));
    CHECK(sign::check_key_mode(0640, "k").error().code == ErrorCode::key_exposed);
    CHECK_FALSE(sign::check_key_mode(0604, "k"));
}

TEST_CASE("Wycheproof's Ed25519 vectors are judged as published") {
    const char* corpus = std::getenv("ENVLOCK_CORPUS");
    if (corpus == nullptr) return;  // the corpus is optional; the cases above are not
    std::size_t judged = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(corpus) / "vectors")) {
        const auto name = entry.path().filename().string();
        if (name.find("ed25519") == std::string::npos || !name.ends_with(".json")) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        const auto root = json::parse(text, {}, name);
        if (!root || root->find("testGroups") == nullptr) continue;
        for (const auto& group : *root->find("testGroups")->array()) {
            const auto* public_key = group.find("publicKey") != nullptr ? group.find("publicKey") : group.find("key");
            if (public_key == nullptr) continue;
            const auto key = PublicKey::from_openssh("ssh-ed25519", ssh_line(*from_hex(public_key->text("pk"))), name);
            for (const auto& test : *group.find("tests")->array()) {
                const bool valid = test.text("result") == "valid";
                const bool verified = key && key->verifies(*from_hex(test.text("msg")), *from_hex(test.text("sig")));
                INFO(name << " " << test.text("comment"));
                CHECK(verified == valid);
                ++judged;
            }
        }
    }
    CHECK(judged > 100);
}
