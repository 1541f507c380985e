#include <envlock/app/verify.hpp>

#include <envlock/app/capture.hpp>
#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>

namespace envlock::app {
namespace {

void decide(Verification& out, Exit exit, Error problem) {
    if (out.exit == Exit::error || (out.exit == Exit::untrusted && exit != Exit::error)) return;
    out.exit = exit;
    out.problem = std::move(problem);
}

void check_signature(Verification& out, const FoundManifest& found, const VerifyRequest& request) {
    auto trust = sign::parse_allowed_signers(request.trust_text, request.trust_name);
    if (!trust) {
        out.signature = describe(trust.error().code).slug;
        return decide(out, Exit::untrusted, trust.error());
    }
    sign::VerifyOptions options;
    options.threshold = request.threshold;
    options.now = request.now;
    const auto verified = found.signature ? sign::verify_manifest(found.bytes, *found.signature, *trust, options)
                                          : Result<sign::Verified>(fail(ErrorCode::signature_missing, found.name));
    if (verified) {
        out.signature = "valid";
        out.signers = verified->signers;
        return;
    }
    out.signature = describe(verified.error().code).slug;
    if (verified.error().code == ErrorCode::signature_missing && request.allow_unsigned) {
        out.warnings.push_back("not signed: " + found.name);
        return;
    }
    decide(out, Exit::untrusted, verified.error());
}

// Seconds since the epoch of "YYYY-MM-DDTHH:MM:SSZ"; -1 when it is not that.
std::int64_t parse_time(const std::string& text) {
    if (text.size() != 20 || text[10] != 'T' || text[19] != 'Z') return -1;
    for (std::int64_t low = 0, high = std::int64_t{1} << 38; low <= high;) {  // format_time is monotone
        const auto middle = low + (high - low) / 2;
        const auto shown = format_time(middle);
        if (shown == text) return middle;
        if (shown.size() < text.size() || (shown.size() == text.size() && shown < text)) low = middle + 1;
        else high = middle - 1;
    }
    return -1;
}

void check_freshness(Verification& out, const FoundManifest& found, const VerifyRequest& request) {
    const auto captured = parse_time(found.manifest.captured_at);
    if (captured < 0) return decide(out, Exit::error, {ErrorCode::manifest_malformed, found.name, "capturedAt is not a time"});
    constexpr std::int64_t k_clock_skew = 300;
    if (captured > request.now + k_clock_skew) out.warnings.push_back("captured in the future of this clock: " + found.manifest.captured_at);
    if (request.max_age >= 0 && request.now - captured > request.max_age) {
        decide(out, Exit::untrusted, {ErrorCode::manifest_stale, found.name, "captured at " + found.manifest.captured_at});
    }
    if (!request.project.empty() && found.manifest.project != request.project) {
        decide(out, Exit::untrusted, {ErrorCode::signer_untrusted, found.name, "it is of project \"" + found.manifest.project + "\", not \"" + request.project + "\""});
    }
}

void check_subjects(Verification& out, const FileTree& files, const std::string& root, const FoundManifest& found) {
    for (const auto& subject : found.manifest.subjects) {
        // A subject is a file name in the project; a manifest that names another place is not followed.
        const auto path = resolve_lexically(root, subject.name);
        const auto inside = below(root, path);
        const auto text = inside && !inside->empty() ? files.read(path, 128U << 20U) : fail(ErrorCode::path_escapes, subject.name);
        const bool same = text && sha256_hex(*text) == subject.sha256;
        out.subjects.push_back({subject.name, same ? "ok" : text ? "differs" : "missing"});
        if (!same) decide(out, Exit::drift, {ErrorCode::subject_mismatch, subject.name, text ? "sha256 differs" : to_line(text.error())});
    }
}

}  // namespace

Verification verify(const FileTree& files, const std::string& root, const FoundManifest& found, const VerifyRequest& request) {
    Verification out;
    check_signature(out, found, request);
    check_freshness(out, found, request);
    check_subjects(out, files, root, found);
    return out;
}

}  // namespace envlock::app
