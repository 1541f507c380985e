#include "layers/nix/rules.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/store_path.hpp>

#include <algorithm>
#include <cctype>

namespace envlock::nix {
namespace {

constexpr std::size_t k_most_links = 40;  // as the kernel's ELOOP

Result<Output> ask_git(const ProbeContext& context, std::vector<std::string> question) {
    // A repository's own configuration can name programs to run: those are switched off.
    Command command{.argv = {"git", "-C", context.project.root, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"}};
    for (auto& word : question) command.argv.push_back(std::move(word));
    return context.processes.run(command);
}

// The end of a chain of links that starts at `path`, when that end is missing; "" otherwise.
std::string missing_end(const FileTree& files, std::string path) {
    for (std::size_t links = 0; links < k_most_links; ++links) {
        const auto info = files.info(path);
        if (!info) return info.error().code == ErrorCode::file_missing ? path : "";
        if (info->kind != FileKind::symlink) return "";
        path = resolve_lexically(parent_path(path), info->target);
    }
    return "";
}

std::string home_of_playground(const ProbeContext& context) {
    constexpr std::size_t largest = 64U << 10U;
    const auto text = context.files.read(join(context.project.venv, "pyvenv.cfg"), largest);
    if (!text) return {};
    for (const auto line : split_lines(*text)) {
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || !iequals_ascii(trim(line.substr(0, equals)), "home")) continue;
        return std::string(trim(line.substr(equals + 1)));
    }
    return {};
}

// The place behind a comment or a string that starts at `at`, or `at` when none does.
std::size_t skip_text(std::string_view code, std::size_t at) {
    const auto rest = code.substr(at);
    const auto behind = [&](std::string_view mark, std::size_t from) {
        const auto found = code.find(mark, from);
        return found == std::string_view::npos ? code.size() : found + mark.size();
    };
    if (rest.starts_with('#')) return behind("\n", at);
    if (rest.starts_with("/*")) return behind("*/", at + 2);
    if (rest.starts_with("''")) {
        for (auto end = at + 2; end < code.size(); ++end) {
            if (!code.substr(end).starts_with("''")) continue;
            const auto next = end + 2 < code.size() ? code[end + 2] : ' ';
            if (next != '\'' && next != '$' && next != '\\') return end + 2;
            end += 2;  // '''  ''$  ''\  are escapes
        }
        return code.size();
    }
    if (!rest.starts_with('"')) return at;
    for (auto end = at + 1; end < code.size(); ++end) {
        if (code[end] == '\\') ++end;
        else if (code[end] == '"') return end + 1;
    }
    return code.size();
}

}  // namespace

void check_git(const ProbeContext& context, std::string_view lock_name, std::vector<Note>& notes) {
    constexpr int not_in_index = 1;
    const std::string name(lock_name);
    const auto tracked = ask_git(context, {"ls-files", "--error-unmatch", "--", name});
    if (!tracked) {
        notes.push_back({"", "", name, "whether git tracks it is not known: " + to_line(tracked.error())});
        return;
    }
    if (tracked->exit_code == 0) return;
    if (tracked->exit_code != not_in_index) {
        if (tracked->err.find("not a git repository") != std::string::npos) return;
        notes.push_back({"", "", name, "whether git tracks it is not known: " + escape_controls(trim(tracked->err).substr(0, 200))});
        return;
    }
    const auto ignored = ask_git(context, {"check-ignore", "-q", "--", name});
    if (ignored && ignored->exit_code == 0) {
        notes.push_back({"NIX003", "", name, "git ignores it, so Nix does not see it and pins anew: remove it from .gitignore, then git add " + name});
    } else {
        notes.push_back({"NIX002", "", name, "git does not track it, so nobody else has this pin: git add " + name});
    }
}

void check_interpreter(const ProbeContext& context, std::vector<Note>& notes) {
    if (context.project.venv.empty()) return;
    constexpr std::string_view detail = "is no longer in the store: create the playground again with the base's Python, and keep the base from being collected";
    for (const auto* name : {"bin/python", "bin/python3"}) {
        const auto end = missing_end(context.files, join(context.project.venv, name));
        if (!parse_store_path(end)) continue;
        notes.push_back({"NIX007", "", end, std::string(detail)});
        return;
    }
    const auto home = home_of_playground(context);
    if (!parse_store_path(home)) return;
    const auto seen = context.files.info(home);
    if (!seen && seen.error().code == ErrorCode::file_missing) notes.push_back({"NIX007", "", home, std::string(detail)});
}

void check_library_path(const ProbeContext& context, std::vector<Note>& notes) {
    const auto found = context.environment.find("LD_LIBRARY_PATH");
    if (found == context.environment.end() || found->second.empty()) return;
    const auto& value = found->second;
    if (value.front() != ':' && value.back() != ':' && value.find("::") == std::string::npos) return;
    notes.push_back({"NIX009", "", "LD_LIBRARY_PATH", "has an empty element, so the loader searches the current folder: write ${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} where it is set"});
}

bool names_a_channel(std::string_view nix_code) {
    const auto is_path = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("._-+/").find(c) != std::string_view::npos; };
    for (std::size_t at = 0; at < nix_code.size();) {
        if (const auto behind = skip_text(nix_code, at); behind != at) {
            at = behind;
            continue;
        }
        if (nix_code[at++] != '<') continue;
        const auto end = nix_code.find('>', at);
        if (end == std::string_view::npos) return false;
        const auto name = nix_code.substr(at, end - at);
        if (!name.empty() && std::ranges::all_of(name, is_path)) return true;
    }
    return false;
}

}  // namespace envlock::nix
