#include "cli/command.hpp"

#include "cli/schemas.hpp"

#include <CLI/CLI.hpp>

namespace envlock::cli {

CommandRow add_schema_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("schema", "Print the JSON Schema of the manifest or of the report");
    auto which = std::make_shared<std::string>("manifest");
    command->add_option("which", *which, "manifest or report")->check(CLI::IsMember({"manifest", "report"}))->capture_default_str();
    return {command, [which](World&, Terminal& terminal) -> Result<Exit> {
                terminal.out << (*which == "report" ? k_report_schema : k_manifest_schema);
                return Exit::clean;
            }};
}

}  // namespace envlock::cli
