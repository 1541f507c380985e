#include <envlock/app/capture.hpp>

#include <envlock/app/project.hpp>
#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/codec/manifest_codec.hpp>

#include <algorithm>
#include <chrono>

namespace envlock::app {
namespace {

struct Previous {
    std::int64_t sequence = 0;
    std::string digest;
};

Result<Previous> read_previous(const ProbeContext& context, const CaptureRequest& request) {
    if (request.manifest_path.empty()) return Previous{};
    const auto bytes = context.files.read(request.manifest_path, 64U << 20U);
    if (!bytes && bytes.error().code == ErrorCode::file_missing) return Previous{};
    auto old = bytes ? decode_manifest(*bytes, request.manifest_path) : Result<Manifest>(tl::make_unexpected(bytes.error()));
    if (!old && request.force) return Previous{};
    if (!old) {
        old.error().detail += "; --force replaces it";
        return tl::make_unexpected(old.error());
    }
    return Previous{old->sequence, sha256_tagged(*bytes)};
}

bool ignored_by_git(const ProbeContext& context, const std::string& path) {
    const auto answer = context.processes.run({.argv = {"git", "-C", context.project.root, "-c", "core.fsmonitor=false", "-c",
                                                        "core.hooksPath=/dev/null", "check-ignore", "-q", "--", path}});
    return answer && answer->exit_code == 0;
}

std::string two(unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

std::string format_date(std::int64_t seconds) {
    const std::chrono::sys_seconds moment{std::chrono::seconds(seconds)};
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(moment)};
    return std::to_string(static_cast<int>(day.year())) + "-" + two(static_cast<unsigned>(day.month())) + "-" + two(static_cast<unsigned>(day.day()));
}

std::string format_time(std::int64_t seconds) {
    const auto in_day = static_cast<unsigned>(((seconds % 86400) + 86400) % 86400);
    return format_date(seconds) + "T" + two(in_day / 3600) + ":" + two(in_day / 60 % 60) + ":" + two(in_day % 60) + "Z";
}

Result<Captured> capture(const ProbeContext& context, const Policy& policy, const CaptureRequest& request) {
    const auto previous = ENVLOCK_TRY(read_previous(context, request));
    Captured out;
    auto& manifest = out.manifest;
    manifest.project = policy.project.empty() ? std::string(file_name(context.project.root)) : policy.project;
    manifest.profile = request.profile;
    manifest.sequence = previous.sequence + 1;
    manifest.previous = previous.digest;
    manifest.captured_at = format_time(context.clock.now_seconds());
    manifest.tool_version = request.tool_version;
    manifest.level = to_string(context.level);
    manifest.subjects = find_subjects(context.files, context.project.root, manifest.notes);
    manifest.layers = observe(context);
    manifest.divergence = measure_divergence(context, manifest.layers, policy);
    for (const auto& layer : manifest.layers) {
        for (const auto& component : layer.components) out.index_unreachable |= context.ask_index && !context.offline && component.evidence == Evidence::unverified;
    }
    if (context.project.venv.empty()) out.warnings.emplace_back("no playground found: make one with `python3 -m venv .venv`, or pass --venv DIR");
    if (!request.manifest_path.empty() && ignored_by_git(context, request.manifest_path)) {
        out.warnings.push_back("git ignores " + std::string(file_name(request.manifest_path)) + ": a manifest that is not committed protects nobody (see `git check-ignore -v`)");
    }
    out.bytes = encode_manifest(manifest);
    return out;
}

}  // namespace envlock::app
