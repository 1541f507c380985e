#include "cli/command.hpp"

#include <envlock/app/setup.hpp>
#include <envlock/base/path.hpp>

#include <CLI/CLI.hpp>

namespace envlock::cli {
namespace {

struct InitOptions {
    bool force = false;
};

// `init` may make a folder a project, so a folder without marks is taken as it is.
Project project_or_here(const World& world) {
    auto project = world.project();
    return project ? *std::move(project) : Project{.root = world.directory(), .venv = ""};
}

Result<Exit> run_init(const InitOptions& options, World& world, Terminal& terminal) {
    if (!world.files().is_directory(world.directory())) return fail(ErrorCode::file_missing, world.directory(), "not a folder");
    const auto project = project_or_here(world);
    const auto plan = app::plan_init(world.files(), project, options.force);
    for (const auto& file : plan.write) {
        ENVLOCK_CHECK(world.write(join(project.root, file.path), file.bytes));
        terminal.out << "wrote " << file.path << ": " << file.what << "\n";
    }
    for (const auto& kept : plan.kept) terminal.out << "kept  " << kept << "\n";
    say(terminal, "next: `envlock key new` makes a signing key, `envlock capture` writes envlock.lock");
    return Exit::clean;
}

}  // namespace

CommandRow add_init_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("init", "Write envlock.toml, the .gitattributes lines and an empty trust store");
    auto options = std::make_shared<InitOptions>();
    command->add_flag("--force", options->force, "Write envlock.toml again although it exists");
    return {command, [options](World& world, Terminal& terminal) { return run_init(*options, world, terminal); }};
}

}  // namespace envlock::cli
