#pragma once

#include <envlock/index/provenance.hpp>

namespace envlock::index {

// A signing certificate with a P-256 key. Neither its issuer nor its dates are looked at.
struct LeafCertificate {
    std::string public_key;  // SubjectPublicKeyInfo, DER
    SigningCertificate says;
};

// From DER, nothing after it. An Error names in `detail` what is wrong, a key of another kind included.
Result<LeafCertificate> read_leaf(std::string_view der);

// ECDSA over SHA-256, the signature as DER.
bool verifies(const LeafCertificate& leaf, std::string_view message, std::string_view signature);

}  // namespace envlock::index
