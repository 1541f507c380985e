#include "cli/command.hpp"
#include "cli/trust.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>

#include <CLI/CLI.hpp>

namespace envlock::cli {
namespace {

struct VerifyOptions {
    std::string manifest;
    std::string signers;
    int threshold = 1;
    int max_age_days = -1;
    bool as_json = false, print_commands = false, allow_unsigned = false;
};

json::Value to_json(const app::Verification& seen) {
    json::Value out;
    out.set("verdict", to_string(seen.exit));
    out.set("exitCode", static_cast<int>(seen.exit));
    out.set("schema", "envlock.verify/1.0");
    out.set("signature", seen.signature);
    json::Array signers;
    for (const auto& signer : seen.signers) {
        json::Value row;
        row.set("name", signer.principal);
        row.set("fingerprint", signer.fingerprint);
        signers.push_back(std::move(row));
    }
    out.set("signers", std::move(signers));
    json::Array subjects;
    for (const auto& subject : seen.subjects) {
        json::Value row;
        row.set("name", subject.name);
        row.set("state", subject.state);
        subjects.push_back(std::move(row));
    }
    out.set("subjects", std::move(subjects));
    out.set("problem", seen.problem ? json::Value(to_line(*seen.problem)) : json::Value());
    json::Array warnings;
    for (const auto& warning : seen.warnings) warnings.emplace_back(warning);
    out.set("warnings", std::move(warnings));
    return out;
}

void print(Terminal& terminal, const app::Verification& seen, const std::string& name) {
    for (const auto& warning : seen.warnings) show_warning(terminal, warning);
    if (!terminal.quiet) {
        for (const auto& signer : seen.signers) terminal.out << "signature  valid, " << escape_controls(signer.principal) << " " << signer.fingerprint << "\n";
        if (seen.signers.empty()) terminal.out << "signature  " << seen.signature << "\n";
        for (const auto& subject : seen.subjects) terminal.out << "subject    " << subject.state << ", " << escape_controls(subject.name) << "\n";
    }
    if (seen.problem) show_error(terminal, *seen.problem);
    else if (!terminal.quiet) terminal.out << "ok: " << escape_controls(name) << "\n";
}

Result<Exit> run_verify(const VerifyOptions& options, World& world, Terminal& terminal) {
    const auto project = ENVLOCK_TRY(world.project());
    const auto place = world.place(project);
    const auto reference = options.manifest.empty() ? join(project.root, app::manifest_name(place.profile)) : options.manifest;
    const auto found = ENVLOCK_TRY(app::load_manifest(place, reference));
    if (options.print_commands) {
        terminal.out << sign::print_commands(found.file.empty() ? "envlock.lock" : found.file);
        return Exit::clean;
    }
    auto request = ENVLOCK_TRY(trust_request(world, project));
    if (!options.signers.empty()) {
        request.trust_name = world.absolute(options.signers);
        request.trust_text = ENVLOCK_TRY(world.files().read(request.trust_name, 1U << 20U));
    }
    request.threshold = options.threshold;
    request.allow_unsigned = options.allow_unsigned;
    if (options.max_age_days >= 0) request.max_age = std::int64_t{options.max_age_days} * 86400;
    const auto seen = app::verify(world.files(), project.root, found, request);
    if (options.as_json) terminal.out << json::write(to_json(seen), json::Style::pretty) << "\n";
    else print(terminal, seen, below(world.directory(), found.name).value_or(found.name));
    return seen.exit;
}

}  // namespace

CommandRow add_verify_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("verify", "Check the manifest's signature, signers, age and the files it is bound to");
    auto options = std::make_shared<VerifyOptions>();
    command->add_option("manifest", options->manifest, "A file, - or git:REF; default: envlock.lock of the project");
    command->add_option("--allowed-signers", options->signers, "Trust store; default: .envlock/allowed_signers of the project");
    command->add_option("--threshold", options->threshold, "How many distinct trusted keys must have signed")->check(CLI::Range(1, 32))->capture_default_str();
    command->add_option("--max-age", options->max_age_days, "Refuse a manifest captured more than this many days ago")->check(CLI::Range(0, 36500));
    command->add_flag("--allow-unsigned", options->allow_unsigned, "Warn instead of failing when there is no signature");
    command->add_flag("--print-commands", options->print_commands, "Print the shell lines that check the signature without envlock");
    command->add_flag("--json", options->as_json, "Print JSON");
    return {command, [options](World& world, Terminal& terminal) { return run_verify(*options, world, terminal); }};
}

}  // namespace envlock::cli
