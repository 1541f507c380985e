#include "cli/command.hpp"

#include <envlock/app/explain.hpp>
#include <envlock/app/observe.hpp>
#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>

#include <CLI/CLI.hpp>

namespace envlock::cli {
namespace {

struct DoctorOptions {
    bool as_json = false;
    std::string fail_on = "high";
};

json::Value to_json(const std::vector<LayerSnapshot>& layers, const std::vector<app::BrokenRule>& broken, Exit exit) {
    json::Value out;
    out.set("verdict", to_string(exit));
    out.set("exitCode", static_cast<int>(exit));
    out.set("schema", "envlock.doctor/1.0");
    json::Array rows;
    for (const auto& layer : layers) {
        json::Value row;
        row.set("id", layer.layer);
        row.set("presence", to_string(layer.presence));
        row.set("components", static_cast<std::int64_t>(layer.components.size()));
        json::Array remarks;
        for (const auto& note : layer.notes) {
            if (note.rule.empty()) remarks.emplace_back(note.subject.empty() ? note.detail : note.subject + ": " + note.detail);
        }
        row.set("remarks", std::move(remarks));
        rows.push_back(std::move(row));
    }
    out.set("layers", std::move(rows));
    json::Array findings;
    for (const auto& rule : broken) {
        json::Value row;
        for (const auto& [name, value] : {std::pair<const char*, const std::string&>{"rule", rule.rule}, {"title", rule.title}, {"layer", rule.layer},
                                          {"component", rule.component}, {"subject", rule.subject}, {"detail", rule.detail}, {"fix", rule.fix}}) {
            row.set(name, value);
        }
        row.set("severity", to_string(rule.severity));
        findings.push_back(std::move(row));
    }
    out.set("findings", std::move(findings));
    return out;
}

void print(std::ostream& out, const std::vector<LayerSnapshot>& layers, const std::vector<app::BrokenRule>& broken) {
    for (const auto& layer : layers) {
        out << layer.layer << std::string(layer.layer.size() < 10 ? 10 - layer.layer.size() : 1, ' ') << to_string(layer.presence);
        if (!layer.components.empty()) out << ", " << layer.components.size() << (layer.components.size() == 1 ? " component" : " components");
        out << "\n";
        for (const auto& note : layer.notes) {
            if (note.rule.empty()) out << "          " << escape_controls(note.subject.empty() ? note.detail : note.subject + ": " + note.detail) << "\n";
        }
    }
    if (broken.empty()) {
        out << "\nno rule is broken\n";
        return;
    }
    out << "\n";
    std::string last;
    for (const auto& rule : broken) {
        out << rule.rule << " " << to_string(rule.severity) << ": " << rule.title;
        if (!rule.component.empty()) out << ": " << escape_controls(rule.component);
        out << "\n";
        if (!rule.subject.empty() || !rule.detail.empty()) {
            out << "    " << escape_controls(rule.subject) << (rule.subject.empty() || rule.detail.empty() ? "" : ": ") << escape_controls(rule.detail) << "\n";
        }
        if (!rule.fix.empty() && rule.rule != last) out << "    fix: " << escape_controls(rule.fix) << "\n";
        last = rule.rule;
    }
}

Exit judge(const std::vector<LayerSnapshot>& layers, const std::vector<app::BrokenRule>& broken, const Policy& policy, Severity gate) {
    if (!broken.empty() && broken.front().severity >= gate) return Exit::drift;
    for (const auto& layer : layers) {
        const bool required = std::find(policy.required_layers.begin(), policy.required_layers.end(), layer.layer) != policy.required_layers.end();
        if (required && layer.presence != Presence::present) return Exit::inconclusive;
    }
    return Exit::clean;
}

Result<Exit> run_doctor(const DoctorOptions& options, World& world, Terminal& terminal) {
    const auto project = ENVLOCK_TRY(world.project());
    const auto policy = ENVLOCK_TRY(world.policy(project));
    const auto layers = app::observe(world.context(project, {.level = Level::cached, .offline = true}));
    world.progress().clear();
    const auto broken = app::broken_rules(layers, policy);
    const auto exit = judge(layers, broken, policy, *severity_from(options.fail_on));
    if (options.as_json) {
        terminal.out << json::write(to_json(layers, broken, exit), json::Style::pretty) << "\n";
        return exit;
    }
    terminal.out << "project   " << escape_controls(project.root) << "\nplayground " << (project.venv.empty() ? "none" : escape_controls(project.venv)) << "\n\n";
    print(terminal.out, layers, broken);
    return exit;
}

}  // namespace

CommandRow add_doctor_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("doctor", "Tell what can be observed here, and which rules are broken without any manifest");
    auto options = std::make_shared<DoctorOptions>();
    command->add_flag("--json", options->as_json, "Print JSON");
    command->add_option("--fail-on", options->fail_on, "Exit 1 when a broken rule is at least this severe")
        ->check(CLI::IsMember({"critical", "high", "medium", "low", "info"}))
        ->capture_default_str();
    return {command, [options](World& world, Terminal& terminal) { return run_doctor(*options, world, terminal); }};
}

}  // namespace envlock::cli
