#include "cli/command.hpp"
#include "cli/levels.hpp"
#include "cli/output.hpp"
#include "cli/trust.hpp"

#include <envlock/app/drift.hpp>
#include <envlock/base/path.hpp>

#include <CLI/CLI.hpp>

#include <charconv>

namespace envlock::cli {
namespace {

struct DiffOptions {
    std::string before, after = "live";
    std::string level = "cached";
    std::string fail_on;
    double max_points = -1, max_divergence = -1;
    std::vector<std::string> max_layer;
    std::vector<std::string> ignore_rules;
    int exit_code = 1;
    bool exit_zero = false, allow_unknown = false;
    OutputRequest output;
};

constexpr double k_micro = 1'000'000;

Result<void> apply_flags(Policy& policy, const DiffOptions& options) {
    if (!options.fail_on.empty()) policy.fail_on = *severity_from(options.fail_on);
    if (options.max_points >= 0) policy.max_points = static_cast<std::int64_t>(options.max_points * k_micro);
    if (options.max_divergence >= 0) policy.max_divergence = static_cast<std::int64_t>(options.max_divergence * k_micro);
    for (const auto& gate : options.max_layer) {
        const auto equals = gate.find('=');
        double points = -1;
        if (equals != std::string::npos) std::from_chars(gate.data() + equals + 1, gate.data() + gate.size(), points);
        if (points < 0) return fail(ErrorCode::usage, "--max-layer " + gate, "expected LAYER=POINTS, for example python=4");
        policy.max_layer[gate.substr(0, equals)] = static_cast<std::int64_t>(points * k_micro);
    }
    policy.allow_unknown |= options.allow_unknown;
    return {};
}

struct Sides {
    std::optional<app::FoundManifest> before, after;
};

Result<Sides> load_sides(const DiffOptions& options, const World& world, const Project& project) {
    Sides out;
    const auto place = world.place(project);
    const auto before = options.before.empty() ? join(project.root, app::manifest_name(place.profile)) : options.before;
    if (before != "live") out.before = ENVLOCK_TRY(app::load_manifest(place, before));
    if (out.before && options.before.empty()) out.before->name = app::manifest_name(place.profile);
    if (options.after != "live") out.after = ENVLOCK_TRY(app::load_manifest(place, options.after));
    if (!out.before && !out.after) return fail(ErrorCode::usage, "diff live live", "one side must be a manifest");
    return out;
}

// A signature that is there is checked; none at all matters only where the policy wants one.
Result<std::optional<app::Verification>> check_trust(const Sides& sides, const World& world, const Project& project, const Policy& policy) {
    const auto* baseline = sides.before ? &*sides.before : &*sides.after;
    const auto request = ENVLOCK_TRY(trust_request(world, project));
    if (!policy.require_signature && (!baseline->signature || request.trust_text.empty())) return std::optional<app::Verification>{};
    auto seen = app::verify(world.files(), project.root, *baseline, request);
    if (seen.exit != Exit::untrusted) seen.problem.reset();  // files that changed are findings of the diff itself
    return std::optional(std::move(seen));
}

Exit final_exit(const Report& report, const DiffOptions& options) {
    if (report.exit != Exit::drift) return report.exit;
    return options.exit_zero ? Exit::clean : static_cast<Exit>(options.exit_code);  // any code a user wants for drift
}

Result<Exit> run_diff(const DiffOptions& options, World& world, Terminal& terminal) {
    const auto project = ENVLOCK_TRY(world.project());
    auto policy = ENVLOCK_TRY(world.policy(project));
    ENVLOCK_CHECK(apply_flags(policy, options));
    const auto sides = ENVLOCK_TRY(load_sides(options, world, project));
    app::DriftRequest request;
    request.before = sides.before ? &*sides.before : nullptr;
    request.after = sides.after ? &*sides.after : nullptr;
    request.trust = ENVLOCK_TRY(check_trust(sides, world, project, policy));
    request.today = app::format_date(world.clock().now_seconds());
    Manifest live;
    if (!sides.before || !sides.after) {
        const auto level = level_from(options.level);
        live = app::observe_live(world.context(project, {.level = level, .offline = true}), policy);
        world.progress().clear();
        request.live = &live;
        request.skipped = app::skipped_layers(level);
    }
    const auto report = app::find_drift(request, policy);
    ENVLOCK_CHECK(show_report(report, options.output, world, terminal));
    return final_exit(report, options);
}

}  // namespace

CommandRow add_diff_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("diff", "Compare a manifest with this environment, or two manifests, and judge the drift");
    auto options = std::make_shared<DiffOptions>();
    command->add_option("before", options->before, "A file, -, git:REF, git:REF:PATH or live; default: envlock.lock of the project");
    command->add_option("after", options->after, "The same; default: live")->capture_default_str();
    command->add_option("--level", options->level, "metadata, cached or full")->check(CLI::IsMember({"metadata", "cached", "full"}))->capture_default_str();
    command->add_option("--fail-on", options->fail_on, "Least severity that makes the exit code 1; default: envlock.toml's, else low")
        ->check(CLI::IsMember({"critical", "high", "medium", "low", "info"}));
    command->add_option("--max-points", options->max_points, "Exit 1 above this many drift points")->check(CLI::NonNegativeNumber);
    command->add_option("--max-divergence", options->max_divergence, "Exit 1 above this many points of divergence from the base")->check(CLI::NonNegativeNumber);
    command->add_option("--max-layer", options->max_layer, "LAYER=POINTS; repeatable");
    command->add_flag("--allow-unknown", options->allow_unknown, "What cannot be observed does not make the exit code 3");
    command->add_option("--exit-code", options->exit_code, "Use this code instead of 1 for drift")->check(CLI::Range(1, 125))->capture_default_str();
    command->add_flag("--exit-zero", options->exit_zero, "Exit 0 for drift");
    command->add_option("-o,--output", options->output.targets, "FORMAT=FILE; formats: text, json, md, html, sarif; - is standard output; repeatable")
        ->check(check_target);
    command->add_flag("--json", options->output.as_json, "JSON on standard output");
    command->add_flag("--summary", options->output.summary, "The verdict line only");
    return {command, [options](World& world, Terminal& terminal) { return run_diff(*options, world, terminal); }};
}

}  // namespace envlock::cli
