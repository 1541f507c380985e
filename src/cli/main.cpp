#include "cli/command.hpp"

#include <envlock/base/text.hpp>

#include <CLI/CLI.hpp>

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <vector>

extern char** environ;

namespace envlock::cli {
namespace {

std::map<std::string, std::string> read_environment() {
    std::map<std::string, std::string> out;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) out.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return out;
}

int terminal_width() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) return 100;
    return size.ws_col;
}

void add_globals(CLI::App& app, Globals& globals) {
    app.add_option("-C", globals.directory, "Run as if started in this folder");
    app.add_option("--profile", globals.profile, "Use envlock.<profile>.lock")->capture_default_str()->check([](const std::string& name) {
        const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; });
        return plain ? std::string() : "a profile is letters, digits, - and _: " + name;
    });
    app.add_option("--venv", globals.venv, "The playground; default: $VIRTUAL_ENV, .venv or venv of the project");
    app.add_option("--config", globals.config, "Policy file; default: envlock.toml of the project");
    app.add_option("--color", globals.color, "auto, always or never; NO_COLOR is honoured")->check(CLI::IsMember({"auto", "always", "never"}))->capture_default_str();
    app.add_option("--sysroot", globals.sysroot, "Look at a machine whose files lie below this folder")->group("");
    app.add_flag("-q,--quiet", globals.quiet, "Errors only");
    app.add_flag("-v,--verbose", globals.verbose, "Show everything");
}

void decide_colors(Terminal& terminal, const Globals& globals, const std::map<std::string, std::string>& environment) {
    const auto no_color = environment.find("NO_COLOR");
    const bool refused = globals.color == "never" || (globals.color == "auto" && no_color != environment.end() && !no_color->second.empty());
    const auto term = environment.find("TERM");
    const bool dumb = term != environment.end() && term->second == "dumb";
    terminal.color_out = !refused && (globals.color == "always" || (terminal.out_is_tty && !dumb));
    terminal.color_err = !refused && (globals.color == "always" || (terminal.err_is_tty && !dumb));
    terminal.quiet = globals.quiet;
    terminal.verbose = globals.verbose;
}

int run_parsed(const std::vector<CommandRow>& rows, Globals globals, Terminal& terminal, std::map<std::string, std::string> environment) {
    std::error_code problem;
    const auto here = std::filesystem::current_path(problem).string();
    if (problem) {
        show_error(terminal, {ErrorCode::file_missing, ".", problem.message()});
        return static_cast<int>(Exit::error);
    }
    World world(std::move(globals), terminal, std::move(environment), here);
    const auto row = std::ranges::find_if(rows, [](const auto& r) { return r.parser->parsed(); });
    if (row == rows.end()) return static_cast<int>(Exit::error);
    const auto exit = row->run(world, terminal);
    world.progress().clear();
    if (exit) return static_cast<int>(*exit);
    show_error(terminal, exit.error());
    return static_cast<int>(exit_for(exit.error()));
}

int real_main(int argc, char** argv) {
    Terminal terminal{.out = std::cout, .err = std::cerr, .in = std::cin};
    terminal.out_is_tty = isatty(STDOUT_FILENO) != 0;
    terminal.err_is_tty = isatty(STDERR_FILENO) != 0;
    terminal.width = terminal_width();
    CLI::App app{"envlock: makes reproducibility claims about Python-on-Nix environments checkable", "envlock"};
    app.set_version_flag("--version", "envlock " ENVLOCK_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.footer("exit codes: 0 clean, 1 drift, 2 error, 3 inconclusive, 4 untrusted, 5 unavailable");
    Globals globals;
    add_globals(app, globals);
    const std::vector<CommandRow> rows{add_init_command(app),   add_key_command(app),    add_capture_command(app),
                                       add_verify_command(app), add_diff_command(app),   add_report_command(app),
                                       add_explain_command(app), add_doctor_command(app), add_schema_command(app)};
    auto environment = read_environment();
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& done) {
        return app.exit(done, std::cout, std::cerr);
    } catch (const CLI::ParseError& problem) {
        decide_colors(terminal, globals, environment);
        show_error(terminal, {ErrorCode::usage, "", problem.what()});
        return static_cast<int>(Exit::error);
    }
    decide_colors(terminal, globals, environment);
    const int code = run_parsed(rows, std::move(globals), terminal, std::move(environment));
    std::cout.flush();
    if (std::cout.good()) return code;
    show_error(terminal, {ErrorCode::write_failed, "standard output", ""});
    return static_cast<int>(Exit::error);
}

}  // namespace
}  // namespace envlock::cli

int main(int argc, char** argv) {
#ifdef M_MMAP_THRESHOLD
    // glibc raises this by itself as large blocks come and go, and then keeps what they leave behind:
    // index pages of megabytes would stay resident after they were read.
    ::mallopt(M_MMAP_THRESHOLD, 2 << 20);
#endif
    std::ios::sync_with_stdio(false);
    try {
        return envlock::cli::real_main(argc, argv);
    } catch (const std::exception& problem) {  // out of memory and the like: nothing of ours throws
        std::cerr << "error: internal error: " << envlock::escape_controls(problem.what()) << "\n";
        return 2;
    }
}
