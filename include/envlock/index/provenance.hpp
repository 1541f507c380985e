#pragma once

#include <envlock/base/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace envlock::index {

// What `state` means below:
//   "bound"       the statement names this file by name and digest, and its signature verifies under
//                 the key of the certificate that lies beside it; where the certificate names a
//                 repository, it is the publisher's
//   "mismatch"    one of these was looked at and does not hold, or is not written as PEP 740 says
//   "unverified"  nothing contradicts, but envlock does not know the version or the kind of statement
// Not looked at in any state: who issued the certificate, whether it was valid in time, and the
// transparency log. Whoever can change the index's answer can write one that is "bound"; what the
// state is good for is to notice that a publisher changes or disappears.
inline constexpr std::string_view k_provenance_not_verified = "certificate chain and transparency log not verified";

// Who uploaded a file, as the index says. Texts are foreign, and at most 512 bytes each.
struct Publisher {
    std::string kind;         // "GitHub", "GitLab", "Google", or one that envlock does not know
    std::string repository;   // "owner/name"
    std::string workflow;     // GitHub: a file name; GitLab: a path
    std::string environment;  // "" = none
    std::string email;        // Google: the service account
    std::vector<std::pair<std::string, std::string>> others;  // of an unknown kind: its other texts, sorted

    bool operator==(const Publisher&) const = default;
};

// What the signing certificate says (Fulcio's extensions). Keyless: the key is new for each upload,
// so its hash tells two signatures apart and never identifies a publisher.
struct SigningCertificate {
    std::string spki_sha256;        // hex
    std::string san;                // a URI or an e-mail address
    std::string issuer;             // of the identity token
    std::string source_repository;  // URI
    std::string source_ref, source_commit;
    std::string workflow;           // URI of the build configuration, "…@ref"
};

struct Attestation {
    std::string state;
    std::string reason;     // "" when bound
    std::string predicate;  // "publish" or "slsa"; "" when it was not read that far
    bool compared = false;  // the certificate's repository (or address) was held against the publisher
    SigningCertificate certificate;
};

// One publisher and what was signed in its name.
struct AttestationBundle {
    Publisher publisher;
    std::string identity;  // of the publisher, whatever the state
    std::vector<Attestation> attestations;
};

struct Provenance {
    std::string state;     // "mismatch" when one attestation is; else "bound" when one is; else "unverified"
    std::string reason;    // why it is not bound; "" when it is
    std::string identity;  // of the publishers with a bound attestation and no mismatch, joined by " + "; may be ""
    std::vector<AttestationBundle> bundles;  // in the order of the text, at least one
    std::vector<std::string> problems;       // of single attestations; "bound" may have some too
};

// A provenance object of PEP 740, version 1, for the file with this name and digest. An Error when it
// is no such object, of another version, or larger than any real one.
Result<Provenance> read_provenance(std::string_view body, std::string_view filename, std::string_view sha256_hex);

// "GitHub owner/name release.yml pypi": equal for equal publishers, to be compared between captures.
// Text that could blur the borders between the parts is quoted as in JSON.
std::string identity_of(const Publisher& publisher);

}  // namespace envlock::index
