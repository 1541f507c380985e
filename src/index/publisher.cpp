#include "index/publisher.hpp"

#include "index/caps.hpp"

#include <algorithm>
#include <array>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_text = 512;
constexpr std::size_t k_most_others = 16;

// How the certificate of a kind spells what the publisher claims: the same pairs that the reference
// implementation of PEP 740 asks for.
struct Forge {
    std::string_view kind, issuer, repositories, workflows;
};

constexpr std::array<Forge, 3> k_forges{{
    {"GitHub", "https://token.actions.githubusercontent.com", "https://github.com/", "/.github/workflows/"},
    {"GitLab", "https://gitlab.com", "https://gitlab.com/", "//"},
    {"Google", "https://accounts.google.com", "", ""},
}};

const Forge* forge_of(std::string_view kind) {
    const auto* const found = std::ranges::find(k_forges, kind, &Forge::kind);
    return found == k_forges.end() ? nullptr : found;
}

// Cutting a name could make two of them equal: one that is too long is refused.
Result<std::string> member(const json::Value& value, std::string_view key, std::string_view subject) {
    const auto text = value.text(key);
    if (text.size() > k_most_text) return fail(ErrorCode::response_malformed, std::string(subject), "publisher's " + shown(key) + " is too long");
    return std::string(text);
}

Result<void> read_others(Publisher& out, const json::Value& value, std::string_view subject) {
    for (const auto& [key, each] : *value.object()) {
        if (key == "kind" || key == "environment" || each.string() == nullptr) continue;
        if (out.others.size() == k_most_others || key.size() > k_most_text) return fail(ErrorCode::response_malformed, std::string(subject), "publisher with too many names");
        out.others.emplace_back(key, ENVLOCK_TRY(member(value, key, subject)));
    }
    std::ranges::sort(out.others);
    return {};
}

std::string part(std::string_view text) {
    const bool plain = !text.empty() && text != "+" && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '='; });
    return plain ? std::string(text) : json::quote(text);
}

auto differs(std::string_view what, std::string_view certificate, std::string_view publisher) {
    return fail(ErrorCode::subject_mismatch, "publisher", "the certificate is of " + std::string(what) + " " + shown(certificate) + ", the publisher is " + shown(publisher));
}

// "https://forge/owner/name/.github/workflows/release.yml@refs/heads/main"
bool is_workflow(std::string_view uri, std::string_view repository_uri, std::string_view folder, std::string_view workflow) {
    if (!iequals_ascii(uri.substr(0, repository_uri.size()), repository_uri)) return false;
    uri.remove_prefix(repository_uri.size());
    return uri.starts_with(std::string(folder).append(workflow).append("@"));
}

}  // namespace

Result<Publisher> read_publisher(const json::Value& value, std::string_view subject) {
    Publisher out;
    out.kind = ENVLOCK_TRY(member(value, "kind", subject));
    if (out.kind.empty()) return fail(ErrorCode::response_malformed, std::string(subject), "publisher without a kind");
    out.environment = ENVLOCK_TRY(member(value, "environment", subject));
    if (out.kind == "Google") {
        out.email = ENVLOCK_TRY(member(value, "email", subject));
    } else {
        out.repository = ENVLOCK_TRY(member(value, "repository", subject));
        out.workflow = ENVLOCK_TRY(member(value, out.kind == "GitLab" ? "workflow_filepath" : "workflow", subject));
    }
    if (forge_of(out.kind) == nullptr) ENVLOCK_CHECK(read_others(out, value, subject));
    return out;
}

Result<bool> same_publisher(const Publisher& publisher, const SigningCertificate& certificate) {
    const auto* forge = forge_of(publisher.kind);
    if (forge == nullptr) return false;
    if (!certificate.issuer.empty() && certificate.issuer != forge->issuer) return differs("issuer", certificate.issuer, publisher.kind);
    if (publisher.kind == "Google") {
        if (certificate.san.empty()) return false;
        if (certificate.san != publisher.email) return differs("address", certificate.san, publisher.email);
        return true;
    }
    if (certificate.source_repository.empty()) return false;
    const auto repository = std::string(forge->repositories) + publisher.repository;
    if (!iequals_ascii(certificate.source_repository, repository)) return differs("repository", certificate.source_repository, repository);
    if (!certificate.workflow.empty() && !is_workflow(certificate.workflow, repository, forge->workflows, publisher.workflow)) {
        return differs("workflow", certificate.workflow, publisher.workflow);
    }
    return true;
}

std::string identity_of(const Publisher& publisher) {
    std::string out = part(publisher.kind);
    if (forge_of(publisher.kind) == nullptr) {
        for (const auto& [key, value] : publisher.others) out.append(" ").append(part(key)).append("=").append(part(value));
        if (!publisher.environment.empty()) out.append(" environment=").append(part(publisher.environment));
        return out;
    }
    // Both forges take OWNER/Name for owner/name. Only what ends the list may be left out.
    std::vector<std::string> parts{publisher.email};
    if (publisher.kind != "Google") parts = {ascii_lower(publisher.repository), publisher.workflow, publisher.environment};
    while (!parts.empty() && parts.back().empty()) parts.pop_back();
    for (const auto& each : parts) out.append(" ").append(part(each));
    return out;
}

}  // namespace envlock::index
