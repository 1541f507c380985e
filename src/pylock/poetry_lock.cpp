// poetry.lock. Since lock-version 2.1 (Poetry 2) each package says its groups and markers. Before
// that there are the dependencies only: up to 1.4 with a category, later without, and then the
// lock alone does not say what the project asks for.
#include "pylock/reading.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/pep440.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace envlock::pylock {
namespace {

using FilesByName = std::map<std::string, const json::Value*, std::less<>>;

void read_source(ProjectLock& lock, LockedPackage& package, const json::Value& entry) {
    const auto* source = entry.find("source");
    if (source == nullptr) return;
    const auto type = source->text("type");
    const auto url = source->text("url");
    if (type == "git" || type == "hg") {
        package.source = SourceKind::vcs;
        package.commit = clean(source->text("resolved_reference"));
    } else if (type == "directory") {
        package.source = is_true(entry, "develop") ? SourceKind::editable : SourceKind::path;
    } else if (type == "url" || type == "file") {
        package.source = SourceKind::archive;
    } else if (type != "legacy") {
        warn(lock, package.name + ": unknown kind of source: " + clean(type));
    }
    package.origin = type == "directory" || type == "file" ? local_origin(lock, package.name, url) : clean(redact_url(url));
}

void read_files(ProjectLock& lock, LockedPackage& package, const json::Value* files) {
    for (const auto& each : items(files)) {
        LockedFile file;
        file.filename = clean(each.string() == nullptr ? each.text("file") : std::string_view());
        // Poetry 1.0 listed bare SHA-256 digests.
        const auto known = each.string() == nullptr ? add_hash(file, each.text("hash")) : add_hash(file, "sha256", *each.string());
        if (!known) warn(lock, package.name + ": a hash that cannot be read");
        package.files.push_back(std::move(file));
    }
}

void add_edge(LockedPackage& package, std::string_view name, const json::Value& what) {
    if (what.array() != nullptr) {
        for (const auto& each : *what.array()) {
            if (each.array() == nullptr) add_edge(package, name, each);  // NOLINT(misc-no-recursion): one level
        }
        return;
    }
    LockedEdge edge;
    edge.name = normalize_name(name);
    edge.marker = escape_controls(what.text("markers"));
    edge.optional = is_true(what, "optional");
    for (const auto& extra : texts(what.find("extras"))) edge.extras.push_back(normalize_name(extra));
    package.edges.push_back(std::move(edge));
}

// Poetry 2: groups, and one marker or one for each group.
void read_groups(LockedPackage& package, const json::Value& entry, const json::Value& groups) {
    const auto names = texts(&groups);
    const bool main = std::ranges::find(names, "main") != names.end();
    package.wanted = main && !is_true(entry, "optional") ? Wanted::always : Wanted::optional;
    const auto* markers = entry.find("markers");
    if (markers == nullptr) return;
    if (const auto* text = markers->string()) package.marker = escape_controls(*text);
    else if (main) package.marker = escape_controls(markers->text("main"));
}

void read_category(LockedPackage& package, const json::Value& entry) {
    const auto category = entry.text("category");
    package.wanted = category == "main" ? Wanted::always : category.empty() ? Wanted::unsaid : Wanted::optional;
    if (is_true(entry, "optional")) package.wanted = Wanted::optional;
    package.marker = escape_controls(entry.text("marker"));
}

Result<void> read_package(const json::Value& entry, const FilesByName& files, ProjectLock& lock) {
    auto package = ENVLOCK_TRY(start_package(lock, entry.text("name"), entry.text("version")));
    if (package.version.empty()) return malformed(lock, package.name + ": no version");
    read_source(lock, package, entry);
    const auto* own = entry.find("files");
    const auto shared = files.find(package.name);
    read_files(lock, package, own != nullptr ? own : shared != files.end() ? shared->second : nullptr);
    if (const auto* groups = entry.find("groups")) {
        read_groups(package, entry, *groups);
    } else {
        lock.walk = true;
        read_category(package, entry);
        for (const auto& [name, what] : members(entry.find("dependencies"))) add_edge(package, name, what);
    }
    lock.packages.push_back(std::move(package));
    return {};
}

// What no other package asks for is what the project asks for.
void find_roots(ProjectLock& lock) {
    std::set<std::string, std::less<>> asked_for;
    for (const auto& package : lock.packages) {
        for (const auto& edge : package.edges) {
            if (edge.name != package.name) asked_for.insert(edge.name);
        }
    }
    for (std::size_t i = 0; i < lock.packages.size(); ++i) {
        if (!asked_for.contains(lock.packages[i].name)) lock.roots.push_back(i);
    }
}

}  // namespace

Result<void> read_poetry(const json::Value& root, ProjectLock& lock) {
    const auto* metadata = root.find("metadata");
    if (metadata == nullptr || metadata->object() == nullptr) return malformed(lock, "no metadata");
    lock.format_version = clean(metadata->text("lock-version"));
    const auto version = parse_pep440(lock.format_version.empty() ? "1.0" : lock.format_version);  // Poetry 1.0 wrote none
    if (!version) return malformed(lock, "lock-version is no version: " + lock.format_version);
    if (version->epoch != "0" || (version->release.front() != "1" && version->release.front() != "2")) {
        return fail(ErrorCode::lock_unsupported, lock.path, "lock-version " + lock.format_version);
    }
    if (compare_versions(lock.format_version.empty() ? "1.0" : lock.format_version, "2.1") == 1) {
        warn(lock, "lock-version " + lock.format_version + " is newer than what is known");
    }
    lock.requires_python = clean(metadata->text("python-versions"));
    FilesByName files;
    for (const auto* key : {"hashes", "files"}) {
        for (const auto& [name, list] : members(metadata->find(key))) files[normalize_name(name)] = &list;
    }
    for (const auto& entry : items(root.find("package"))) ENVLOCK_CHECK(read_package(entry, files, lock));
    if (lock.walk) find_roots(lock);
    return {};
}

}  // namespace envlock::pylock
