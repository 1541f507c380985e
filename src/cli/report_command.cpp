#include "cli/command.hpp"
#include "cli/output.hpp"

#include <envlock/report/json_report.hpp>

#include <CLI/CLI.hpp>

namespace envlock::cli {
namespace {

struct ReportOptions {
    std::string from;
    OutputRequest output;
};

Result<Exit> run_report(const ReportOptions& options, World& world, Terminal& terminal) {
    const auto text = ENVLOCK_TRY(world.files().read(world.absolute(options.from), 64U << 20U));
    const auto report = ENVLOCK_TRY(parse_report(text));
    ENVLOCK_CHECK(show_report(report, options.output, world, terminal));
    return Exit::clean;  // rendering is not judging: the verdict was given when the report was made
}

}  // namespace

CommandRow add_report_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("report", "Render a saved JSON report again: text, Markdown, HTML or SARIF");
    auto options = std::make_shared<ReportOptions>();
    command->add_option("--from", options->from, "A report saved by `envlock diff -o json=FILE`")->required();
    command->add_option("-o,--output", options->output.targets, "FORMAT=FILE; formats: text, json, md, html, sarif; - is standard output; repeatable")
        ->check(check_target);
    command->add_flag("--json", options->output.as_json, "JSON on standard output");
    command->add_flag("--summary", options->output.summary, "The verdict line only");
    return {command, [options](World& world, Terminal& terminal) { return run_report(*options, world, terminal); }};
}

}  // namespace envlock::cli
