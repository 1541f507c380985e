#pragma once

#include <envlock/sign/allowed_signers.hpp>
#include <envlock/sign/dsse.hpp>

namespace envlock::sign {

struct Signer {
    std::string principal, fingerprint;
};

struct VerifyOptions {
    int threshold = 1;     // distinct public keys
    std::int64_t now = 0;  // seconds
};

struct Verified {
    std::vector<Signer> signers;  // one a distinct key, in the order of the trust store
};

// Checks the signature file against exactly these bytes. Each signature is tried with each trusted
// key; the algorithm is the key's, never the file's; distinct keys are counted.
//   signature_missing    no signature at all
//   signature_malformed  the file is no signature file
//   signature_bad        a trusted key is named by a signature, and does not verify it
//   signer_expired       the only keys that verify are outside their validity
//   signer_untrusted     otherwise: too few trusted keys signed
Result<Verified> verify_manifest(std::string_view manifest, std::string_view signature_file, const TrustStore& trust, const VerifyOptions& options);

// The signature file with this key's signature added, or replaced. secret_found when the manifest
// holds what looks like a secret. `existing` "" starts a new file.
Result<std::string> sign_manifest(std::string_view manifest, const PrivateKey& key, std::string_view existing);

// Shell lines that verify `manifest_file` with the base tools, OpenSSL and the trust store's own line,
// without envlock. Run in the project's folder.
std::string print_commands(std::string_view manifest_file);

}  // namespace envlock::sign
