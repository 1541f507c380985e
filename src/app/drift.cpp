#include <envlock/app/drift.hpp>

#include <envlock/app/project.hpp>
#include <envlock/diff/compare.hpp>
#include <envlock/pylock/lock.hpp>

#include <algorithm>

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

// True when a distribution was compared with the file, which is then more than a list of wishes.
bool was_compared_with(const Manifest& manifest, const std::string& file) {
    const auto mentions = [&](const std::string& words) { return words.starts_with(file + ": "); };
    for (const auto& layer : manifest.layers) {
        for (const auto& component : layer.components) {
            const auto fact = component.facts.find("lock");
            const auto* words = fact == component.facts.end() ? nullptr : std::get_if<std::vector<std::string>>(&fact->second);
            if (words != nullptr && std::ranges::any_of(*words, mentions)) return true;
        }
    }
    return false;
}

std::set<std::string> lock_files(const Manifest& before, const Manifest& after) {
    std::set<std::string> out;
    for (const auto* side : {&before, &after}) {
        for (const auto& subject : side->subjects) {
            const auto kind = pylock::lock_kind(subject.name);
            if (!kind) continue;
            if (*kind != pylock::LockKind::requirements || was_compared_with(before, subject.name) || was_compared_with(after, subject.name)) out.insert(subject.name);
        }
    }
    return out;
}

}  // namespace

Manifest observe_live(const ProbeContext& context, const Policy& policy) {
    Manifest out;
    out.project = policy.project;
    out.level = to_string(context.level);
    out.subjects = find_subjects(context.files, context.project.root, out.notes);
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
    input.lock_files = lock_files(before, after);
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
