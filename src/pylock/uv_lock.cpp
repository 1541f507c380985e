// uv.lock: `version` 1 is the only one there is; `revision` counts compatible additions.
#include "pylock/reading.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>

#include <algorithm>
#include <set>

namespace envlock::pylock {
namespace {

constexpr std::int64_t k_known_revision = 5;

void read_file(ProjectLock& lock, LockedPackage& package, const json::Value& entry) {
    LockedFile file;
    const auto url = entry.text("url");
    const auto path = entry.text("path");
    const auto name = entry.text("filename");
    if (!path.empty() && package.source == SourceKind::index) file.url = clean(path);  // a flat index in a folder, anywhere
    else if (!path.empty()) file.url = local_origin(lock, package.name, path);
    else file.url = clean(redact_url(url));
    file.filename = !name.empty() ? clean(name) : last_part(url.empty() ? path : url);
    if (const auto hash = entry.text("hash"); !hash.empty() && !add_hash(file, hash)) warn(lock, package.name + ": a hash that cannot be read");
    if (const auto* size = entry.find("size"); size != nullptr && size->integer() != nullptr) file.size = *size->integer();
    package.files.push_back(std::move(file));
}

void read_source(ProjectLock& lock, LockedPackage& package, const json::Value* source) {
    if (source == nullptr || members(source).empty()) return warn(lock, package.name + ": no source");
    for (const auto& each : members(source)) {
        const auto& name = each.first;
        const auto text = each.second.string() == nullptr ? std::string() : *each.second.string();
        if (name == "registry") package.origin = clean(redact_url(text));
        else if (name == "git") {
            package.source = SourceKind::vcs;
            const auto mark = text.find('#');
            if (mark != std::string::npos) package.commit = clean(std::string_view(text).substr(mark + 1));
            package.origin = clean(redact_url(std::string_view(text).substr(0, mark)));
        } else if (name == "url") package.source = SourceKind::archive, package.origin = clean(redact_url(text));
        else if (name == "path") package.source = SourceKind::archive, package.origin = local_origin(lock, package.name, text);
        else if (name == "directory") package.source = SourceKind::path, package.origin = local_origin(lock, package.name, text);
        else if (name == "editable") package.source = SourceKind::editable, package.origin = local_origin(lock, package.name, text);
        else if (name == "virtual") package.source = SourceKind::nothing, package.origin = local_origin(lock, package.name, text);
        else if (name != "subdirectory") warn(lock, package.name + ": unknown kind of source: " + clean(name));
    }
}

void add_edges(LockedPackage& package, const json::Value* list, const std::string& extra, bool optional) {
    for (const auto& each : items(list)) {
        LockedEdge edge;
        edge.name = normalize_name(each.text("name"));
        edge.version = clean(each.text("version"));
        edge.marker = escape_controls(each.text("marker"));
        edge.extra = extra;
        edge.optional = optional;
        for (auto& wanted : texts(each.find("extra"))) edge.extras.push_back(normalize_name(wanted));
        package.edges.push_back(std::move(edge));
    }
}

// A package of a fork is for the environments of that fork.
std::string any_of(const std::vector<std::string>& markers) {
    std::string out;
    for (const auto& each : markers) out += (out.empty() ? "(" : " or (") + each + ")";
    return out;
}

Result<void> read_package(const json::Value& entry, ProjectLock& lock) {
    auto package = ENVLOCK_TRY(start_package(lock, entry.text("name"), entry.text("version")));
    read_source(lock, package, entry.find("source"));
    package.marker = any_of(texts(entry.find("resolution-markers")));
    if (const auto* sdist = entry.find("sdist")) read_file(lock, package, *sdist);
    for (const auto& wheel : items(entry.find("wheels"))) read_file(lock, package, wheel);
    add_edges(package, entry.find("dependencies"), "", false);
    for (const auto& [extra, list] : members(entry.find("optional-dependencies"))) add_edges(package, &list, normalize_name(extra), false);
    for (const auto& group : members(entry.find("dev-dependencies"))) add_edges(package, &group.second, "", true);
    lock.packages.push_back(std::move(package));
    return {};
}

bool is_tree(const LockedPackage& package) {
    return package.source == SourceKind::editable || package.source == SourceKind::nothing || package.source == SourceKind::path;
}

// `uv sync` installs the project in the lock's folder, else every member of the workspace; a lock
// of a script has its requirements in the manifest.
void find_roots(const json::Value* manifest, ProjectLock& lock) {
    std::set<std::string, std::less<>> members_of_workspace;
    LockedPackage script;
    if (manifest != nullptr) {
        for (const auto& name : texts(manifest->find("members"))) members_of_workspace.insert(normalize_name(name));
        add_edges(script, manifest->find("requirements"), "", false);
    }
    for (std::size_t i = 0; i < lock.packages.size(); ++i) {
        if (is_tree(lock.packages[i]) && lock.packages[i].origin == ".") lock.roots.push_back(i);
    }
    for (std::size_t i = 0; lock.roots.empty() && i < lock.packages.size(); ++i) {
        if (is_tree(lock.packages[i]) && members_of_workspace.contains(lock.packages[i].name)) lock.roots.push_back(i);
    }
    if (!script.edges.empty()) {
        script.source = SourceKind::nothing;
        lock.roots.push_back(lock.packages.size());
        lock.packages.push_back(std::move(script));
    }
}

}  // namespace

Result<void> read_uv(const json::Value& root, ProjectLock& lock) {
    const auto* version = root.find("version");
    if (version == nullptr || version->integer() == nullptr) return malformed(lock, "no version");
    lock.format_version = std::to_string(*version->integer());
    if (*version->integer() != 1) return fail(ErrorCode::lock_unsupported, lock.path, "version " + lock.format_version);
    if (const auto* revision = root.find("revision"); revision != nullptr && revision->integer() != nullptr) {
        lock.format_version += " revision " + std::to_string(*revision->integer());
        if (*revision->integer() > k_known_revision) warn(lock, "revision " + std::to_string(*revision->integer()) + " is newer than what is known");
    }
    lock.requires_python = clean(root.text("requires-python"));
    lock.environments = texts(root.find("supported-markers"));
    for (const auto& entry : items(root.find("package"))) ENVLOCK_CHECK(read_package(entry, lock));
    find_roots(root.find("manifest"), lock);
    lock.walk = !lock.roots.empty();
    if (lock.walk) return {};
    for (auto& package : lock.packages) package.wanted = Wanted::unsaid;
    if (!lock.packages.empty()) warn(lock, "it names no project to start from: what is needed here cannot be said");
    return {};
}

}  // namespace envlock::pylock
