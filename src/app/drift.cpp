#include <envlock/app/drift.hpp>

#include <envlock/diff/compare.hpp>

namespace envlock::app {
namespace {

std::string describe_trust(const Verification& trust) {
    if (trust.signature != "valid") return trust.signature;
    std::string out = "signed by ";
    for (std::size_t i = 0; i < trust.signers.size(); ++i) {
        if (i > 0) out += ", ";
        out += trust.signers[i].principal + " (" + trust.signers[i].fingerprint + ")";
    }
    return out;
}

}  // namespace

Manifest observe_live(const ProbeContext& context, const Policy& policy) {
    Manifest out;
    out.project = policy.project;
    out.level = to_string(context.level);
    out.layers = observe(context);
    out.divergence = measure_divergence(context, out.layers, policy);
    return out;
}

Report find_drift(const DriftRequest& request, const Policy& policy) {
    const auto& before = request.before == nullptr ? *request.live : request.before->manifest;
    const auto& after = request.after == nullptr ? *request.live : request.after->manifest;
    CompareInput input{.before = before, .after = after, .policy = policy};
    input.before_name = request.before == nullptr ? "live" : request.before->name;
    input.after_name = request.after == nullptr ? "live" : request.after->name;
    input.today = request.today;
    if (request.before != nullptr) {
        input.before_lines = request.before->lines;
        input.before_file = request.before->file;
    }
    input.after_live = request.after == nullptr;
    input.skipped_layers = request.skipped;
    auto report = compare(input);
    if (!request.trust) return report;
    report.trust = describe_trust(*request.trust);
    for (const auto& warning : request.trust->warnings) report.warnings.push_back(warning);
    if (request.trust->exit == Exit::untrusted && report.exit != Exit::error) {
        report.exit = Exit::untrusted;
        report.gate = "trust in the baseline";
        report.warnings.push_back(to_line(*request.trust->problem));
    }
    return report;
}

}  // namespace envlock::app
