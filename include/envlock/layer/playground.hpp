#pragma once

#include <envlock/layer/layer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace envlock {

// A folder Python imports from. `layer` says why: "venv", "base" (include-system-site-packages),
// "user" (the user's own site dir) or "pythonpath".
struct SiteDir {
    std::string path;    // absolute, as Python would spell it: links not resolved
    std::string layer;
    std::string prefix;  // RECORD rows may name files below this, and below `path`
};

// A virtual environment, found by reading files only: no interpreter is started.
struct Playground {
    std::string prefix;          // the environment's folder, absolute
    std::string python_version;  // "3.11", of the lib folder in use; "" when there is none
    std::string full_version;    // "3.11.7" as pyvenv.cfg says; may be "3.11" or ""
    std::string abi_flags;       // "t" for the free-threaded build
    std::string implementation;  // "cpython", "pypy"
    std::string creator;         // "venv", "virtualenv", "uv"; "" without a pyvenv.cfg
    std::string home;            // the folder of the base interpreter, as pyvenv.cfg says
    std::vector<std::string> interpreter;  // bin/python and every link from it to the real file
    bool dangling = false;       // the chain ends nowhere: this environment cannot start
    std::string base_store;      // "/nix/store/<hash>-<name>" when the base interpreter lies there
    bool include_system_site = false;
    std::vector<SiteDir> site_dirs;  // in import order of the layers: venv, user, base, pythonpath
    std::vector<Note> notes;
};

// The playground of context.project.venv. file_missing when there is none; file_not_regular when
// that path is neither an environment nor a one-line file that points to one.
Result<Playground> find_playground(const ProbeContext& context);

enum class InstalledKind : std::uint8_t {
    dist_info,
    egg_info_dir,   // also the EGG-INFO of an unpacked .egg
    egg_info_file,
    egg_link,
    leftover,       // "~ame…": what an interrupted uninstall left behind; nothing is installed there
};

struct InstalledDir {
    std::string path;
    InstalledKind kind{};
    std::size_t site = 0;  // index in Playground::site_dirs
};

// Every installed distribution's metadata folder or file, in order of site dirs and names.
// A site dir that cannot be listed becomes a note.
std::vector<InstalledDir> list_installed(const ProbeContext& context, const Playground& playground, std::vector<Note>& notes);

}  // namespace envlock
