#include <envlock/sign/verify.hpp>

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock::sign {
namespace {

struct Counted {
    std::vector<Signer> valid, expired;
    bool named_but_bad = false;
};

// Which trusted keys made any of the signatures; a key listed twice counts once.
Counted count_signers(std::string_view message, const std::vector<Signature>& signatures, const TrustStore& trust, std::int64_t now) {
    Counted out;
    std::vector<const TrustedKey*> seen;
    for (const auto& trusted : trust.keys) {
        const auto fingerprint = trusted.key.fingerprint();
        const bool signed_it = std::ranges::any_of(signatures, [&](const Signature& s) { return trusted.key.verifies(message, s.bytes); });
        if (!signed_it) {
            out.named_but_bad |= std::ranges::any_of(signatures, [&](const Signature& s) { return s.keyid == fingerprint; });
            continue;
        }
        const bool valid = now >= trusted.valid_after && now < trusted.valid_before;
        if (!valid) {
            out.expired.push_back({trusted.principal, fingerprint});
            continue;
        }
        if (std::ranges::any_of(seen, [&](const TrustedKey* other) { return other->key == trusted.key; })) continue;
        seen.push_back(&trusted);
        out.valid.push_back({trusted.principal, fingerprint});
    }
    return out;
}

std::string quote_for_shell(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out += "'\\''";
        else out += c;
    }
    return out + "'";
}

}  // namespace

Result<Verified> verify_manifest(std::string_view manifest, std::string_view signature_file, const TrustStore& trust, const VerifyOptions& options) {
    const std::string subject = "envlock.lock.sig";
    const auto signatures = ENVLOCK_TRY(parse_signatures(signature_file, subject));
    if (signatures.empty()) return fail(ErrorCode::signature_missing, subject, "it holds no signature");
    const auto message = pre_authentication_encoding(k_payload_type, manifest);
    auto counted = count_signers(message, signatures, trust, options.now);
    const auto wanted = static_cast<std::size_t>(std::max(options.threshold, 1));
    if (counted.valid.size() >= wanted) return Verified{std::move(counted.valid)};
    if (counted.named_but_bad) return fail(ErrorCode::signature_bad, subject, "a trusted key is named, and it did not sign these bytes");
    if (counted.valid.empty() && !counted.expired.empty()) return fail(ErrorCode::signer_expired, subject, counted.expired.front().principal + " " + counted.expired.front().fingerprint);
    auto detail = std::to_string(counted.valid.size()) + " of " + std::to_string(wanted) + " trusted keys signed it";
    if (trust.keys.empty()) detail = "the trust store is empty";
    else if (counted.valid.empty()) detail = "signed by " + escape_controls(signatures.front().keyid);
    return fail(ErrorCode::signer_untrusted, subject, detail);
}

Result<std::string> sign_manifest(std::string_view manifest, const PrivateKey& key, std::string_view existing) {
    if (const auto secret = find_secret(manifest)) return fail(ErrorCode::secret_found, "envlock.lock", *secret);
    std::vector<Signature> signatures;
    if (!existing.empty()) signatures = ENVLOCK_TRY(parse_signatures(existing, "envlock.lock.sig"));
    const auto keyid = key.public_key().fingerprint();
    std::erase_if(signatures, [&](const Signature& old) { return old.keyid == keyid; });
    signatures.push_back({keyid, ENVLOCK_TRY(key.sign(pre_authentication_encoding(k_payload_type, manifest)))});
    return encode_signatures(signatures);
}

std::string print_commands(std::string_view manifest_file) {
    const auto type = std::string(k_payload_type);
    const auto header = "'DSSEv1 " + std::to_string(type.size()) + " " + type + " %s '";
    // The SSH form of a key ends in its bare point; before it goes the fixed head of the point's SPKI form.
    return "# checks the signatures with OpenSSL 3 and the keys of the trust store, without envlock;\n"
           "# the dates in valid-after and valid-before are left to the reader. Run it in the project's folder.\n"
           "manifest=" + quote_for_shell(manifest_file) + "\n"
           "work=$(mktemp -d)\n"
           "{ printf " + header + R"sh( "$(wc -c < "$manifest" | tr -d ' ')"; cat "$manifest"; } > "$work/message"
python3 -c 'import json,sys; [print(s["sig"]) for s in json.load(open(sys.argv[1]))["signatures"]]' "$manifest.sig" > "$work/signatures"
awk '!/^[ \t]*#/ && !/cert-authority/ && (!/namespaces=/ || /envlock-manifest/)' .envlock/allowed_signers |
  { grep -oE '(ssh-ed25519|ecdsa-sha2-nistp256) +[A-Za-z0-9+/=]+' || true; } > "$work/keys"
good=0
while read -r type key; do
  case $type in
    ssh-ed25519) head=MCowBQYDK2VwAyEA size=32 hash= ;;
    *) head=MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA= size=65 hash='-digest sha256' ;;
  esac
  { printf '%s' "$head" | base64 -d; printf '%s' "$key" | base64 -d | tail -c "$size"; } > "$work/key.der"
  while read -r signature; do
    printf '%s' "$signature" | base64 -d > "$work/signature" || continue
    if openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin $hash -in "$work/message" -sigfile "$work/signature" > /dev/null 2>&1; then
      echo "good signature by $type $key"
      good=1
    fi
  done < "$work/signatures"
done < "$work/keys"
rm -r "$work"
[ "$good" = 1 ] || { echo "no good signature by a key of the trust store" >&2; false; }
)sh";
}

}  // namespace envlock::sign
