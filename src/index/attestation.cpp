#include "index/attestation.hpp"

#include "index/caps.hpp"
#include "index/leaf_certificate.hpp"
#include "index/publisher.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/pep440.hpp>
#include <envlock/version/wheel.hpp>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_bytes = 1U << 20U;  // of a statement
constexpr std::size_t k_depth = 32;
constexpr std::string_view k_payload_type = "application/vnd.in-toto+json";

auto malformed(std::string detail) { return fail(ErrorCode::signature_malformed, "attestation", std::move(detail)); }
auto unknown(std::string detail) { return fail(ErrorCode::unsupported, "attestation", std::move(detail)); }
auto other_file(std::string detail) { return fail(ErrorCode::subject_mismatch, "attestation", std::move(detail)); }

bool same_version(std::string_view a, std::string_view b) {
    const auto first = parse_pep440(a), second = parse_pep440(b);
    return first && second && compare(*first, *second) == std::strong_ordering::equal;
}

// A source distribution is taken apart at the last '-', as PEP 740's own reader does.
bool same_sdist(std::string_view a, std::string_view b) {
    const auto first = sdist_stem(a), second = sdist_stem(b);
    if (!first || !second || a.substr(first->size()) != b.substr(second->size())) return false;
    const auto dash = first->rfind('-'), other = second->rfind('-');
    if (dash == std::string_view::npos || other == std::string_view::npos) return false;
    const auto name = first->substr(0, dash), other_name = second->substr(0, other);
    return is_valid_name(name) && is_valid_name(other_name) && normalize_name(name) == normalize_name(other_name) &&
           same_version(first->substr(dash + 1), second->substr(other + 1));
}

// The same published file, however the parts of its name are spelled.
bool same_file_name(std::string_view a, std::string_view b) {
    const auto first = parse_wheel_name(a), second = parse_wheel_name(b);
    if (!first || !second) return !first && !second && same_sdist(a, b);
    return first->name == second->name && first->build == second->build && first->tags == second->tags && same_version(first->version, second->version);
}

// The publish predicate is named by a page of the index's own documentation, and which index that is
// is configuration: its path says enough.
std::string predicate_of(std::string_view type) {
    if (type == "https://slsa.dev/provenance/v1") return "slsa";
    const auto path_at = type.find('/', std::string_view("https://").size());
    const bool publish = type.starts_with("https://") && path_at != std::string_view::npos && type.substr(path_at) == "/attestations/publish/v1";
    return publish ? "publish" : "";
}

Result<std::string> decoded(const json::Value* object, std::string_view key) {
    const auto text = object == nullptr ? std::string_view{} : object->text(key);
    if (text.empty()) return malformed("no " + std::string(key));
    if (text.size() > k_most_bytes) return malformed(std::string(key) + " is too large");
    auto raw = from_base64(text);
    if (!raw) return malformed(std::string(key) + " is not base64");
    return *std::move(raw);
}

Result<void> check_version(const json::Value& attestation) {
    const auto* member = attestation.find("version");
    const auto* version = member == nullptr ? nullptr : member->integer();
    if (version == nullptr) return malformed("no version");
    if (*version != 1) return unknown("attestation version " + std::to_string(*version) + "; envlock knows 1");
    return {};
}

Result<void> check_log_entries(const json::Value* material) {
    const auto* member = material == nullptr ? nullptr : material->find("transparency_entries");
    const auto* entries = member == nullptr ? nullptr : member->array();
    if (entries == nullptr || entries->empty()) return malformed("no transparency entry");
    return {};
}

Result<void> check_subject(const json::Value& statement, const AttestedFile& file) {
    const auto* member = statement.find("subject");
    const auto* subjects = member == nullptr ? nullptr : member->array();
    if (subjects == nullptr || subjects->size() != 1) return malformed("the statement has not exactly one subject");
    const auto& subject = subjects->front();
    const auto name = subject.text("name");
    if (!same_file_name(name, file.name)) return other_file("the statement is about another file, " + shown(name));
    const auto* digests = subject.find("digest");
    const auto digest = from_hex(digests == nullptr ? std::string_view{} : digests->text("sha256"));
    if (!digest || digest->size() != file.sha256.size()) return malformed("the subject has no sha256");
    if (*digest != file.sha256) return other_file("the statement is about other bytes, sha256 " + to_hex(*digest));
    return {};
}

Result<void> check_statement(Attestation& out, std::string_view bytes, const AttestedFile& file) {
    const auto statement = json::parse(bytes, {.bytes = k_most_bytes, .depth = k_depth}, "statement");
    if (!statement) return malformed("the statement is not JSON: " + statement.error().detail);
    if (const auto type = statement->text("_type"); type != "https://in-toto.io/Statement/v1") return malformed("not an in-toto statement: " + shown(type));
    ENVLOCK_CHECK(check_subject(*statement, file));
    const auto type = statement->text("predicateType");
    out.predicate = predicate_of(type);
    if (out.predicate.empty()) return unknown("a statement of the kind " + shown(type));
    return {};
}

// The signature first: nothing is read from bytes that nobody signed.
Result<void> check(Attestation& out, const json::Value& attestation, const AttestedFile& file, const Publisher& publisher) {
    ENVLOCK_CHECK(check_version(attestation));
    const auto* material = attestation.find("verification_material");
    const auto* envelope = attestation.find("envelope");
    const auto leaf = ENVLOCK_TRY(read_leaf(ENVLOCK_TRY(decoded(material, "certificate"))));
    out.certificate = leaf.says;
    const auto statement = ENVLOCK_TRY(decoded(envelope, "statement"));
    const auto signature = ENVLOCK_TRY(decoded(envelope, "signature"));
    ENVLOCK_CHECK(check_log_entries(material));
    // DSSE's pre-authentication encoding.
    const auto message = "DSSEv1 " + std::to_string(k_payload_type.size()) + " " + std::string(k_payload_type) + " " + std::to_string(statement.size()) + " " + statement;
    if (!verifies(leaf, message, signature)) return fail(ErrorCode::signature_bad, "attestation", "the signature does not verify under the certificate");
    out.compared = ENVLOCK_TRY(same_publisher(publisher, leaf.says));
    return check_statement(out, statement, file);
}

}  // namespace

Attestation check_attestation(const json::Value& attestation, const AttestedFile& file, const Publisher& publisher) {
    Attestation out{.state = "bound"};
    if (const auto held = check(out, attestation, file, publisher); !held) {
        out.state = held.error().code == ErrorCode::unsupported ? "unverified" : "mismatch";
        out.reason = held.error().detail;
    }
    return out;
}

}  // namespace envlock::index
