#include "layers/python/locked_version.hpp"

#include <envlock/version/pep440.hpp>

#include <algorithm>

namespace envlock::python {
namespace {

using pylock::LockedPackage;
using pylock::SourceKind;

bool is_commit(std::string_view text) {
    return text.size() >= 7 && text.size() <= 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The commit of a source level "vcs:<url>@<commit>".
std::string installed_commit(const Distribution& distribution) {
    const auto level = std::ranges::find(distribution.component.path, "source", &PathLevel::level);
    if (level == distribution.component.path.end() || level->value.rfind('@') == std::string::npos) return {};
    return level->value.substr(level->value.rfind('@') + 1);
}

std::string installed_as(const Distribution& distribution) {
    const auto& version = distribution.component.version;
    if (distribution.source == "vcs") return version + " from a repository, commit " + installed_commit(distribution);
    if (distribution.source == "editable") return version + " in place";
    if (distribution.source == "directory") return version + " from a folder";
    return version;
}

bool is_tree(const std::string& source) { return source == "editable" || source == "directory" || source == "egg"; }

std::optional<std::string> other_commit(const Distribution& distribution, const LockedPackage& package) {
    const auto installed = installed_commit(distribution);
    // A branch or tag in a requirement says nothing about the commit.
    if (!is_commit(package.commit) || !is_commit(installed)) return std::nullopt;
    if (installed.starts_with(package.commit) || package.commit.starts_with(installed)) return std::nullopt;
    return "installed commit " + installed + ", locked commit " + package.commit;
}

std::optional<std::string> other_version(const Distribution& distribution, const LockedPackage& package) {
    std::string_view installed = distribution.component.version;
    if (package.version.empty()) return std::nullopt;
    if (!package.exact && package.version.find('+') == std::string::npos) installed = installed.substr(0, installed.find('+'));
    const auto order = compare_versions(installed, package.version);
    if (order == 0) return std::nullopt;
    const auto* const way = order == 1 ? ": the environment is newer" : order == -1 ? ": the lock is newer" : "";
    return "installed " + distribution.component.version + ", locked " + package.version + way;
}

}  // namespace

std::string locked_as(const LockedPackage& package) {
    if (package.source == SourceKind::vcs) return "commit " + package.commit;
    if (package.source == SourceKind::path || package.source == SourceKind::editable) return "as a folder" + (package.origin.empty() ? "" : ": " + package.origin);
    return package.version.empty() ? package.origin : package.version;
}

std::optional<std::string> disagreement(const Distribution& distribution, const LockedPackage& package) {
    const auto& source = distribution.source;
    const auto another_source = [&] { return "installed " + installed_as(distribution) + ", locked " + locked_as(package) + " from another kind of source (" + std::string(to_string(package.source)) + ")"; };
    switch (package.source) {
        case SourceKind::nothing: return std::nullopt;
        case SourceKind::vcs:
            if (source == "vcs") return other_commit(distribution, package);
            return source == "unknown" ? std::nullopt : std::optional(another_source());
        case SourceKind::path:
        case SourceKind::editable:
            // A wheel that was built from the folder by hand is an archive.
            return source == "index" || source == "vcs" ? std::optional(another_source()) : std::nullopt;
        case SourceKind::index:
        case SourceKind::archive:
            if (source == "vcs" || (is_tree(source) && source != "egg")) return another_source();
            return other_version(distribution, package);
    }
    return std::nullopt;
}

}  // namespace envlock::python
