#include <envlock/pylock/lock.hpp>

#include "pylock/reading.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace envlock::pylock {
namespace {

// Forks of one package for different environments are few. Without a limit a hostile lock makes
// every edge lead to every package.
constexpr std::size_t k_most_of_a_name = 128;

Result<void> check_names(const ProjectLock& lock) {
    std::map<std::string_view, std::size_t> count;
    for (const auto& package : lock.packages) {
        if (++count[package.name] > k_most_of_a_name) return malformed(lock, "too many packages of the name " + package.name);
    }
    return {};
}

Result<void> read_toml_lock(std::string_view text, ProjectLock& lock) {
    const auto root = ENVLOCK_TRY(parse_toml(text, lock.path));
    switch (lock.kind) {
        case LockKind::uv: return read_uv(root, lock);
        case LockKind::pylock: return read_pylock(root, lock);
        case LockKind::poetry: return read_poetry(root, lock);
        default: return read_pdm(root, lock);
    }
}

Result<void> read_json_lock(std::string_view text, ProjectLock& lock) {
    const auto root = json::parse(text, {.bytes = k_most_bytes, .depth = 32}, lock.path);
    return root ? read_pipfile(*root, lock) : malformed(lock, root.error().detail);
}

}  // namespace

std::string_view to_string(LockKind kind) {
    switch (kind) {
        case LockKind::uv: return "uv";
        case LockKind::pylock: return "pylock";
        case LockKind::poetry: return "poetry";
        case LockKind::pdm: return "pdm";
        case LockKind::pipfile: return "pipfile";
        case LockKind::requirements: return "requirements";
    }
    return "requirements";
}

std::string_view to_string(SourceKind kind) {
    switch (kind) {
        case SourceKind::index: return "index";
        case SourceKind::vcs: return "vcs";
        case SourceKind::archive: return "archive";
        case SourceKind::path: return "path";
        case SourceKind::editable: return "editable";
        case SourceKind::nothing: return "nothing";
    }
    return "nothing";
}

std::optional<LockKind> lock_kind(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, LockKind>, 5> k_names{{{"uv.lock", LockKind::uv}, {"pylock.toml", LockKind::pylock},
        {"poetry.lock", LockKind::poetry}, {"pdm.lock", LockKind::pdm}, {"Pipfile.lock", LockKind::pipfile}}};
    const auto* known = std::ranges::find(k_names, name, [](const auto& each) { return each.first; });
    if (known != k_names.end()) return known->second;
    if (name.starts_with("requirements") && name.ends_with(".txt")) return LockKind::requirements;
    // pylock.<name>.toml, and the name has no dot.
    constexpr std::string_view k_before = "pylock.", k_after = ".toml";
    if (!name.starts_with(k_before) || !name.ends_with(k_after) || name.size() <= k_before.size() + k_after.size()) return std::nullopt;
    const auto middle = name.substr(k_before.size(), name.size() - k_before.size() - k_after.size());
    return middle.find('.') == std::string_view::npos ? std::optional(LockKind::pylock) : std::nullopt;
}

Result<ProjectLock> parse_lock(LockKind kind, std::string_view text, std::string_view path, const ReadFile& read) {
    ProjectLock lock;
    lock.kind = kind;
    lock.path = path;
    if (text.size() > k_most_bytes) return fail(ErrorCode::file_too_large, lock.path);
    if (kind == LockKind::requirements) {
        ENVLOCK_CHECK(read_requirements(text, lock, read));
    } else {
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        ENVLOCK_CHECK(kind == LockKind::pipfile ? read_json_lock(text, lock) : read_toml_lock(text, lock));
    }
    ENVLOCK_CHECK(check_names(lock));
    return lock;
}

}  // namespace envlock::pylock
