#include <envlock/sign/verify.hpp>

#include "support/catch.hpp"

using namespace envlock;
using sign::KeyType;
using sign::TrustStore;
using sign::verify_manifest;

namespace {

constexpr std::string_view k_manifest = "{\"a\": 1}\n";

const sign::PrivateKey& key(std::size_t number) {
    static const std::vector<sign::PrivateKey> keys{*sign::generate_key(KeyType::ed25519), *sign::generate_key(KeyType::ecdsa_p256), *sign::generate_key(KeyType::ed25519)};
    return keys[number];
}

TrustStore trust(std::initializer_list<std::size_t> numbers) {
    TrustStore out;
    for (const auto number : numbers) out.keys.push_back({.principal = "p" + std::to_string(number), .key = key(number).public_key()});
    return out;
}

std::string signed_by(std::initializer_list<std::size_t> numbers, std::string_view manifest = k_manifest) {
    std::string out;
    for (const auto number : numbers) out = *sign::sign_manifest(manifest, key(number), out);
    return out;
}

ErrorCode verdict(std::string_view manifest, std::string_view file, const TrustStore& store, int threshold = 1) {
    const auto seen = verify_manifest(manifest, file, store, {.threshold = threshold, .now = 1000});
    return seen ? ErrorCode::last_ : seen.error().code;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) { return text.replace(text.find(from), from.size(), to); }

}  // namespace

TEST_CASE("a trusted key's signature over exactly these bytes is valid, for both key types") {
    CHECK(verify_manifest(k_manifest, signed_by({0}), trust({0}), {})->signers[0].principal == "p0");
    CHECK(verdict(k_manifest, signed_by({1}), trust({0, 1})) == ErrorCode::last_);
}

TEST_CASE("one changed bit of the manifest is a bad signature") {
    std::string other(k_manifest);
    other[2] = 'b';

    CHECK(verdict(other, signed_by({0}), trust({0})) == ErrorCode::signature_bad);
}

TEST_CASE("nobody trusted, nothing signed, and an emptied file are three different things, none of them fine") {
    CHECK(verdict(k_manifest, signed_by({0}), trust({2})) == ErrorCode::signer_untrusted);
    CHECK(verdict(k_manifest, signed_by({0}), {}) == ErrorCode::signer_untrusted);
    CHECK(verdict(k_manifest, sign::encode_signatures({}), trust({0})) == ErrorCode::signature_missing);
    CHECK(verdict(k_manifest, "", trust({0})) == ErrorCode::signature_malformed);
}

TEST_CASE("the key id is a hint: a wrong one neither helps nor harms") {
    const auto wrong = replaced(signed_by({0}), key(0).public_key().fingerprint(), key(2).public_key().fingerprint());

    CHECK(verdict(k_manifest, wrong, trust({0, 2})) == ErrorCode::last_);
    CHECK(verdict(k_manifest, wrong, trust({2})) == ErrorCode::signature_bad);
}

TEST_CASE("the threshold counts distinct public keys, not signatures and not lines of the trust store") {
    const auto once = sign::parse_signatures(signed_by({0}), "s")->front();
    const auto twice = sign::encode_signatures({once, {"other id", once.bytes}});

    CHECK(verdict(k_manifest, twice, trust({0, 0}), 2) == ErrorCode::signer_untrusted);
    CHECK(verdict(k_manifest, signed_by({0, 1}), trust({0, 1}), 2) == ErrorCode::last_);
    CHECK(verdict(k_manifest, signed_by({0, 1}), trust({0, 1}), 3) == ErrorCode::signer_untrusted);
}

TEST_CASE("a bad signature beside a good one spoils nothing") {
    const auto good = sign::parse_signatures(signed_by({0}), "s")->front();

    CHECK(verdict(k_manifest, sign::encode_signatures({{"x", "garbage"}, good}), trust({0})) == ErrorCode::last_);
}

TEST_CASE("a signature over the bare bytes, or over another payload type, is not a DSSE signature") {
    const auto bare = *key(0).sign(k_manifest);
    const auto other = *key(0).sign(sign::pre_authentication_encoding("text/plain", k_manifest));

    CHECK(verdict(k_manifest, sign::encode_signatures({{"", bare}, {"", other}}), trust({0})) == ErrorCode::signer_untrusted);
}

TEST_CASE("a key outside its validity is expired") {
    auto store = trust({0});
    store.keys[0].valid_before = 1000;
    CHECK(verdict(k_manifest, signed_by({0}), store) == ErrorCode::signer_expired);
    store.keys[0].valid_before = 1001;
    CHECK(verdict(k_manifest, signed_by({0}), store) == ErrorCode::last_);
    store.keys[0].valid_after = 1001;
    CHECK(verdict(k_manifest, signed_by({0}), store) == ErrorCode::signer_expired);
}

TEST_CASE("signing again replaces one's own signature and keeps the others'") {
    const auto file = signed_by({0, 1, 0});

    CHECK(sign::parse_signatures(file, "s")->size() == 2);
    CHECK(verdict(k_manifest, file, trust({0, 1}), 2) == ErrorCode::last_);
}

TEST_CASE("a manifest with what looks like a secret is not signed") {
    const auto seen = sign::sign_manifest("{\"url\": \"https://u:hunter2@index.example/\"}", key(0), "");

    REQUIRE_FALSE(seen);
    CHECK(seen.error().code == ErrorCode::secret_found);
}
