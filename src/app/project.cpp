#include <envlock/app/project.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/pylock/lock.hpp>
#include <envlock/version/name.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace envlock::app {
namespace {

constexpr std::array<std::string_view, 4> k_marks{"envlock.toml", "flake.lock", "flake.nix", ".git"};
constexpr std::array<std::string_view, 5> k_subjects{"flake.lock", "flake.nix", "devenv.lock", "pyproject.toml", "Pipfile"};

bool is_venv(const FileTree& files, const std::string& path) { return files.is_directory(path); }

std::string find_venv(const FileTree& files, const std::string& root, const ProjectQuery& query) {
    if (!query.venv.empty()) return resolve_lexically(query.start, query.venv);
    const auto active = query.environment.find("VIRTUAL_ENV");
    auto activated = active == query.environment.end() || active->second.empty() ? std::string() : resolve_lexically("/", active->second);
    if (!activated.empty() && below(root, activated) && is_venv(files, activated)) return activated;
    for (const auto* name : {".venv", "venv"}) {
        auto candidate = join(root, name);
        if (!files.info(candidate)) continue;
        if (is_venv(files, candidate)) return candidate;
        // `.venv` as a file holds the path of the environment (uv and others write it so).
        if (const auto text = files.read(candidate, 4096)) {
            auto target = resolve_lexically(root, trim(*text));
            if (is_venv(files, target)) return target;
        }
    }
    return !activated.empty() && is_venv(files, activated) ? activated : "";
}

std::string requirement_name(std::string_view line) {
    line = trim(line.substr(0, line.find('#')));
    if (line.empty() || line.front() == '-') return {};
    const auto end = std::ranges::find_if_not(line, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    const std::string_view name = line.substr(0, static_cast<std::size_t>(end - line.begin()));
    const auto rest = trim(line.substr(name.size()));
    // A path or URL is no name: "./wheels/x.whl", "https://…".
    if (name.empty() || rest.starts_with('/') || rest.starts_with(':') || name.ends_with(".whl") || !is_valid_name(name)) return {};
    return normalize_name(name);
}

// The strings of [project] dependencies = [ … ]: TOML's array of strings, read line by line.
void add_pyproject_names(std::string_view text, std::set<std::string>& names) {
    bool in_project = false;
    bool in_list = false;
    for (auto line : split_lines(text)) {
        line = trim(line);
        if (!in_list && line.starts_with('[')) in_project = line == "[project]";
        if (in_project && line.starts_with("dependencies")) {
            const auto open = line.find('[');
            if (open == std::string_view::npos) continue;
            in_list = true;
            line.remove_prefix(open + 1);
        }
        if (!in_list) continue;
        while (true) {
            const auto quote = line.find_first_of("\"']");
            if (quote == std::string_view::npos) break;
            if (line[quote] == ']') {
                in_list = false;
                break;
            }
            const auto close = line.find(line[quote], quote + 1);
            if (close == std::string_view::npos) break;
            if (auto name = requirement_name(line.substr(quote + 1, close - quote - 1)); !name.empty()) names.insert(std::move(name));
            line.remove_prefix(close + 1);
        }
    }
}

std::vector<std::string> requirement_files(const FileTree& files, const std::string& root) {
    std::vector<std::string> out;
    const auto entries = files.list(root);
    if (!entries) return out;
    for (const auto& entry : *entries) {
        if (entry.name.starts_with("requirements") && (entry.name.ends_with(".txt") || entry.name.ends_with(".in"))) out.push_back(entry.name);
    }
    return out;
}

// Their names vary: pylock.<name>.toml, requirements-dev.txt.
std::vector<std::string> lock_files(const FileTree& files, const std::string& root) {
    std::vector<std::string> out;
    const auto entries = files.list(root);
    if (!entries) return out;
    for (const auto& entry : *entries) {
        if (pylock::lock_kind(entry.name)) out.push_back(entry.name);
    }
    return out;
}

}  // namespace

Result<Project> find_project(const FileTree& files, const ProjectQuery& query) {
    const auto start = resolve_lexically("/", query.start);
    for (std::string dir = start;; dir = std::string(parent_path(dir))) {
        const bool found = std::ranges::any_of(k_marks, [&](auto mark) { return files.info(join(dir, mark)).has_value(); });
        if (found) return Project{.root = dir, .venv = find_venv(files, dir, query)};
        if (dir == "/" || dir.empty()) break;
    }
    // A playground alone is a project too, with a base that is not pinned.
    if (const auto venv = find_venv(files, start, query); !venv.empty()) return Project{.root = start, .venv = venv};
    return fail(ErrorCode::project_missing, start, "neither it nor a folder above has envlock.toml, flake.lock, flake.nix or .git, and it has no .venv");
}

std::vector<Subject> find_subjects(const FileTree& files, const std::string& root, std::vector<Note>& notes) {
    std::set<std::string> names(k_subjects.begin(), k_subjects.end());
    for (auto& name : requirement_files(files, root)) names.insert(std::move(name));
    for (auto& name : lock_files(files, root)) names.insert(std::move(name));
    std::vector<Subject> out;
    for (const auto& name : names) {
        const auto text = files.read(join(root, name), 128U << 20U);
        if (text) out.push_back({name, sha256_hex(*text)});
        else if (text.error().code != ErrorCode::file_missing) notes.push_back({"", "", name, to_line(text.error())});
    }
    return out;
}

std::vector<std::string> direct_requirements(const FileTree& files, const std::string& root) {
    std::set<std::string> names;
    for (const auto& file : requirement_files(files, root)) {
        const auto text = files.read(join(root, file), 4U << 20U);
        if (!text) continue;
        for (const auto line : split_lines(*text)) {
            if (auto name = requirement_name(line); !name.empty()) names.insert(std::move(name));
        }
    }
    if (const auto text = files.read(join(root, "pyproject.toml"), 4U << 20U)) add_pyproject_names(*text, names);
    return {names.begin(), names.end()};
}

}  // namespace envlock::app
