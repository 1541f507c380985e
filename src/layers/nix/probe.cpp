#include "layers/nix/probe.hpp"

#include "layers/nix/flake_lock.hpp"
#include "layers/nix/rules.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <optional>

namespace envlock::nix {
namespace {

constexpr std::size_t k_largest_lock = 16U << 20U;
constexpr std::size_t k_largest_code = 1U << 20U;

std::string in_project(const ProbeContext& context, std::string_view name) {
    return join(context.project.root, name);
}

// Is something of that name there at all, a dangling link included?
bool exists(const ProbeContext& context, std::string_view name) {
    const auto info = context.files.info(in_project(context, name));
    return info || info.error().code != ErrorCode::file_missing;
}

std::string why_not_by_content(const FlakeInput& input) {
    switch (input.pin) {
        case Pin::rev: return "only a revision is locked, no narHash: what was fetched cannot be checked against the lock";
        case Pin::dirty: return "locked from a work tree with uncommitted changes: nobody else can have it";
        default: return "neither a revision nor a narHash is locked: what it means changes with time";
    }
}

void check_pin(const FlakeInput& input, std::vector<Note>& notes) {
    const bool held = input.follows || input.pin == Pin::content || input.pin == Pin::path_local;
    if (held || !input.broken.empty()) return;
    notes.push_back({"NIX005", input.path, std::string(to_string(input.pin)), why_not_by_content(input)});
}

// The state `?` of a whole lock that is there but cannot be read.
Component unreadable_lock(std::string_view name) {
    return Component{.key = std::string(name), .kind = "flake-lock", .unknown = true};
}

void read_lock(const ProbeContext& context, const std::string& name, LayerSnapshot& out) {
    const auto text = context.files.read(in_project(context, name), k_largest_lock);
    if (!text) {
        out.components.push_back(unreadable_lock(name));
        out.notes.push_back({"NIX004", "", name, "cannot be read: " + to_line(text.error())});
        return;
    }
    const auto lock = parse_flake_lock(*text, name);
    if (!lock) {
        const bool conflict = conflict_marker_line(*text) != 0;
        out.components.push_back(unreadable_lock(name));
        out.notes.push_back({conflict ? "NIX006" : "NIX004", "", name, lock.error().detail});
        return;
    }
    for (const auto& problem : lock->problems) out.notes.push_back({"NIX004", problem.input, name, problem.detail});
    for (const auto& input : lock->inputs) {
        auto component = input_component(context, input);
        component.facts["file"] = name;
        out.components.push_back(std::move(component));
        check_pin(input, out.notes);
    }
}

// Other tools that pin a base and that are not read: then it is not known, rather than floating.
std::optional<std::string> other_pin(const ProbeContext& context) {
    for (const auto* name : {"npins/sources.json", "nix/sources.json", "devbox.lock", ".flox/env/manifest.lock"}) {
        if (exists(context, name)) return name;
    }
    return std::nullopt;
}

bool check_channels(const ProbeContext& context, std::vector<Note>& notes) {
    bool any = false;
    for (const auto* name : {"shell.nix", "default.nix"}) {
        if (!exists(context, name)) continue;
        any = true;
        const auto code = context.files.read(in_project(context, name), k_largest_code);
        if (!code) notes.push_back({"", "", name, "cannot be read: " + to_line(code.error())});
        else if (names_a_channel(*code)) notes.push_back({"NIX008", "", name, "takes its packages from a channel of the machine, which differs from host to host: pin it with a flake.lock"});
    }
    return any;
}

void say_not_pinned(const ProbeContext& context, std::vector<Note>& notes) {
    if (const auto other = other_pin(context)) {
        notes.push_back({"", "", *other, "pins the base in a format that is not read: the base is not known"});
    } else if (exists(context, "flake.nix")) {
        notes.push_back({"NIX001", "", "flake.lock", "flake.nix has no flake.lock, so every machine picks its own inputs: run nix flake lock and commit flake.lock"});
    } else {
        notes.push_back({"NIX001", "", "flake.lock", "there is no flake.lock, so nothing pins the base: add a flake.nix, run nix flake lock and commit both"});
    }
}

void add_shell(const ProbeContext& context, LayerSnapshot& out) {
    const auto value = [&](const char* name) {
        const auto found = context.environment.find(name);
        return found == context.environment.end() ? std::string() : found->second;
    };
    const auto in_shell = value("IN_NIX_SHELL");
    const auto gcroot = value("NIX_GCROOT");
    if (in_shell.empty() && gcroot.empty()) return;
    Component shell{.key = "nix-shell", .kind = "shell"};
    if (!in_shell.empty()) shell.facts["inNixShell"] = in_shell;
    if (!gcroot.empty()) shell.facts["gcroot"] = gcroot;
    if (const auto version = value("NIX_VERSION"); !version.empty()) shell.facts["nixVersion"] = version;
    if (value("NIX_DIRENV_DID_FALLBACK") == "1") {
        shell.facts["direnvFallback"] = true;
        out.notes.push_back({"", "nix-shell", "NIX_DIRENV_DID_FALLBACK", "evaluation failed and an older shell is in use"});
    }
    out.components.push_back(std::move(shell));
}

}  // namespace

Result<LayerSnapshot> probe_nix(const ProbeContext& context) {
    LayerSnapshot out{.layer = "nix"};
    const auto lock_name = exists(context, "flake.lock") ? "flake.lock" : exists(context, "devenv.lock") ? "devenv.lock" : "";
    bool seen = context.files.is_directory("/nix");
    if (*lock_name != '\0') {
        seen = true;
        read_lock(context, lock_name, out);
        check_git(context, lock_name, out.notes);
    } else {
        if (check_channels(context, out.notes)) seen = true;
        if (exists(context, "flake.nix") || other_pin(context)) seen = true;
        say_not_pinned(context, out.notes);
    }
    add_shell(context, out);
    check_interpreter(context, out.notes);
    check_library_path(context, out.notes);
    if (!out.components.empty()) seen = true;
    out.presence = seen ? Presence::present : Presence::absent;
    freeze(out);
    return out;
}

}  // namespace envlock::nix
