#pragma once

#include <envlock/sign/keys.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace envlock::sign {

inline constexpr std::string_view k_namespace = "envlock-manifest";

// One line of an allowed_signers file (ssh-keygen(1)) that may sign manifests.
struct TrustedKey {
    std::string principal;  // as written: one pattern or several
    PublicKey key;
    std::int64_t valid_after = std::numeric_limits<std::int64_t>::min();   // seconds, inclusive
    std::int64_t valid_before = std::numeric_limits<std::int64_t>::max();  // seconds, exclusive
    std::int64_t line = 0;
};

struct TrustStore {
    std::vector<TrustedKey> keys;
    std::vector<std::string> warnings;  // lines that were left out, and why
};

// Comments and blank lines are skipped. A line for other namespaces, with `cert-authority`, or with a
// key type that envlock does not verify is left out with a warning; a line that is malformed is an
// error that names it, since a trust store is no place to guess.
Result<TrustStore> parse_allowed_signers(std::string_view text, std::string_view subject);

}  // namespace envlock::sign
