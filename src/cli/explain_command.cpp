#include "cli/command.hpp"

#include <envlock/app/explain.hpp>
#include <envlock/base/text.hpp>
#include <envlock/report/json_report.hpp>

#include <CLI/CLI.hpp>

namespace envlock::cli {
namespace {

struct ExplainOptions {
    std::string subject;
    std::string from;
    bool all = false;
};

// Findings of a saved report that are about `subject` (a rule, a component, or layer/component).
Result<std::string> from_report(const std::string& file, const std::string& subject, const World& world) {
    const auto text = ENVLOCK_TRY(world.files().read(world.absolute(file), 64U << 20U));
    const auto report = ENVLOCK_TRY(parse_report(text));
    std::string out;
    for (const auto& finding : report.findings) {
        if (finding.rule != subject && finding.component != subject && finding.layer + "/" + finding.component != subject) continue;
        if (!out.empty()) out += "\n";
        out += app::explain_finding(finding, report.points);
    }
    return out;
}

Result<Exit> run_explain(const ExplainOptions& options, World& world, Terminal& terminal) {
    if (options.all) {
        terminal.out << app::rules_page();
        return Exit::clean;
    }
    if (options.subject.empty()) return fail(ErrorCode::usage, "explain", "name a rule or a component, or pass --all");
    if (!options.from.empty()) {
        const auto text = ENVLOCK_TRY(from_report(options.from, options.subject, world));
        if (text.empty()) return fail(ErrorCode::usage, options.subject, "no finding of " + options.from + " is about it");
        terminal.out << text;
        return Exit::clean;
    }
    if (const auto page = app::explain_rule(options.subject)) {
        terminal.out << *page;
        return Exit::clean;
    }
    const auto project = ENVLOCK_TRY(world.project());
    const auto policy = ENVLOCK_TRY(world.policy(project));
    const auto place = world.place(project);
    const auto found = app::load_manifest(place, project.root + "/" + app::manifest_name(place.profile));
    if (found) {
        if (const auto text = app::explain_component(found->manifest, policy, options.subject); !text.empty()) {
            terminal.out << text;
            return Exit::clean;
        }
    }
    std::string near;
    for (const auto& name : app::suggestions(options.subject, found ? &found->manifest : nullptr)) near += (near.empty() ? "did you mean " : ", ") + name;
    if (!found && near.empty()) return tl::make_unexpected(found.error());
    return fail(ErrorCode::usage, options.subject, near.empty() ? "no rule and no component has this name" : near + "?");
}

}  // namespace

CommandRow add_explain_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("explain", "Explain a rule (PY106), a component (numpy, nix/nixpkgs) or a finding of a saved report");
    auto options = std::make_shared<ExplainOptions>();
    command->add_option("subject", options->subject, "A rule id, a component's name, or layer/name");
    command->add_option("--from", options->from, "A JSON report saved by `envlock diff -o json=FILE`");
    command->add_flag("--all", options->all, "Every rule, as Markdown");
    return {command, [options](World& world, Terminal& terminal) { return run_explain(*options, world, terminal); }};
}

}  // namespace envlock::cli
