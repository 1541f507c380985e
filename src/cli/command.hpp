#pragma once

#include "cli/terminal.hpp"
#include "cli/world.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace envlock::cli {

using Run = std::function<Result<Exit>(World&, Terminal&)>;

// Each command is one file: it adds its flags to the parser and returns what to run.
struct CommandRow {
    CLI::App* parser;
    Run run;
};

CommandRow add_init_command(CLI::App& parent);
CommandRow add_key_command(CLI::App& parent);
CommandRow add_capture_command(CLI::App& parent);
CommandRow add_verify_command(CLI::App& parent);
CommandRow add_diff_command(CLI::App& parent);
CommandRow add_report_command(CLI::App& parent);
CommandRow add_explain_command(CLI::App& parent);
CommandRow add_doctor_command(CLI::App& parent);
CommandRow add_schema_command(CLI::App& parent);

}  // namespace envlock::cli
