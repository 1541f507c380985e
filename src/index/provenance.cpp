#include <envlock/index/provenance.hpp>

#include "index/attestation.hpp"
#include "index/publisher.hpp"

#include <envlock/base/digest.hpp>

#include <algorithm>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_bytes = 4U << 20U;  // a real one has ten thousand an attestation
constexpr std::size_t k_depth = 32;
constexpr std::size_t k_most_bundles = 16;
constexpr std::size_t k_most_attestations = 64;

auto malformed(std::string_view filename, std::string detail) { return fail(ErrorCode::response_malformed, std::string(filename), std::move(detail)); }

const json::Array* list(const json::Value& value, std::string_view key) {
    const auto* member = value.find(key);
    return member == nullptr ? nullptr : member->array();
}

Result<AttestationBundle> read_bundle(const json::Value& value, const AttestedFile& file) {
    const auto* publisher = value.find("publisher");
    const auto* attestations = list(value, "attestations");
    if (publisher == nullptr || publisher->object() == nullptr) return malformed(file.name, "attestations without a publisher");
    if (attestations == nullptr) return malformed(file.name, "a publisher without a list of attestations");
    AttestationBundle out{.publisher = ENVLOCK_TRY(read_publisher(*publisher, file.name))};
    out.identity = identity_of(out.publisher);
    if (attestations->size() > k_most_attestations) return malformed(file.name, "too many attestations");
    for (const auto& each : *attestations) out.attestations.push_back(check_attestation(each, file, out.publisher));
    return out;
}

bool has(const AttestationBundle& bundle, std::string_view state) {
    return std::ranges::any_of(bundle.attestations, [&](const Attestation& each) { return each.state == state; });
}

void add_problems(Provenance& out, std::size_t number) {
    const auto& bundle = out.bundles[number];
    const auto place = "publisher " + std::to_string(number + 1);
    if (bundle.attestations.empty()) out.problems.push_back(place + ": nothing is signed in its name");
    for (std::size_t i = 0; i < bundle.attestations.size(); ++i) {
        const auto& each = bundle.attestations[i];
        const auto here = place + ", attestation " + std::to_string(i + 1) + ": ";
        if (!each.reason.empty()) out.problems.push_back(here + each.reason);
        else if (!each.compared) out.problems.push_back(here + "the certificate names nothing to compare with the publisher");
    }
}

// The first attestation in the given state says why.
std::string reason_of(const Provenance& provenance) {
    for (const auto& bundle : provenance.bundles) {
        for (const auto& each : bundle.attestations) {
            if (each.state == provenance.state) return each.reason;
        }
    }
    return "nothing is signed in the publisher's name";
}

std::string joined_identity(const Provenance& provenance) {
    std::vector<std::string> identities;
    for (const auto& bundle : provenance.bundles) {
        if (has(bundle, "bound") && !has(bundle, "mismatch")) identities.push_back(bundle.identity);
    }
    std::ranges::sort(identities);
    identities.erase(std::unique(identities.begin(), identities.end()), identities.end());
    std::string out;
    for (const auto& each : identities) out.append(out.empty() ? "" : " + ").append(each);
    return out;
}

void conclude(Provenance& out) {
    const auto any = [&](std::string_view state) { return std::ranges::any_of(out.bundles, [&](const AttestationBundle& each) { return has(each, state); }); };
    out.state = any("mismatch") ? "mismatch" : any("bound") ? "bound" : "unverified";
    if (out.state != "bound") out.reason = reason_of(out);
    out.identity = joined_identity(out);
    for (std::size_t i = 0; i < out.bundles.size(); ++i) add_problems(out, i);
}

}  // namespace

Result<Provenance> read_provenance(std::string_view body, std::string_view filename, std::string_view sha256_hex) {
    auto digest = from_hex(sha256_hex);
    if (!digest || digest->size() != 32) return malformed(filename, "the file's sha256 is not known, so nothing can be bound to it");
    const AttestedFile file{.name = std::string(filename), .sha256 = *std::move(digest)};
    const auto root = json::parse(body, {.bytes = k_most_bytes, .depth = k_depth}, filename);
    if (!root) return malformed(filename, "provenance is not JSON: " + root.error().detail);
    const auto* version = root->find("version");
    if (version == nullptr || version->integer() == nullptr) return malformed(filename, "provenance without a version");
    if (*version->integer() != 1) return malformed(filename, "provenance version " + std::to_string(*version->integer()) + "; envlock knows 1");
    const auto* bundles = list(*root, "attestation_bundles");
    if (bundles == nullptr || bundles->empty()) return malformed(filename, "provenance without attestations");
    if (bundles->size() > k_most_bundles) return malformed(filename, "too many publishers");
    Provenance out;
    for (const auto& each : *bundles) out.bundles.push_back(ENVLOCK_TRY(read_bundle(each, file)));
    conclude(out);
    return out;
}

}  // namespace envlock::index
