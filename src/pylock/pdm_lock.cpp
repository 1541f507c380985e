// pdm.lock, lock_version 3 and 4. Packages say their groups since 4.4; before that the lock names
// only the groups it was made for.
#include "pylock/reading.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/pep440.hpp>

#include <algorithm>
#include <map>

namespace envlock::pylock {
namespace {

void read_source(ProjectLock& lock, LockedPackage& package, const json::Value& entry) {
    if (!entry.text("git").empty() || !entry.text("hg").empty()) {
        package.source = SourceKind::vcs;
        package.origin = clean(redact_url(entry.text("git").empty() ? entry.text("hg") : entry.text("git")));
        package.commit = clean(entry.text("revision"));
    } else if (!entry.text("path").empty()) {
        const auto name = last_part(entry.text("path"));
        const bool file = name.ends_with(".whl") || name.ends_with(".gz") || name.ends_with(".zip");
        package.source = is_true(entry, "editable") ? SourceKind::editable : file ? SourceKind::archive : SourceKind::path;
        package.origin = local_origin(lock, package.name, entry.text("path"));
    } else if (!entry.text("url").empty()) {
        package.source = SourceKind::archive;
        package.origin = clean(redact_url(entry.text("url")));
    }
}

void read_files(ProjectLock& lock, LockedPackage& package, const json::Value* files) {
    for (const auto& each : items(files)) {
        LockedFile file;
        file.url = clean(redact_url(each.text("url")));
        file.filename = each.text("file").empty() ? last_part(each.text("url")) : clean(each.text("file"));
        if (!add_hash(file, each.text("hash"))) warn(lock, package.name + ": a hash that cannot be read");
        package.files.push_back(std::move(file));
    }
}

// "numpy 1.26.4" or "foo[bar] 1.0" → its files.
using FilesByVersion = std::map<std::string, const json::Value*, std::less<>>;

void set_wanted(const json::Value& entry, const std::vector<std::string>& groups_of_lock, LockedPackage& package) {
    const auto* own = entry.find("groups");
    const auto groups = own == nullptr ? groups_of_lock : texts(own);
    const bool asked = std::ranges::find(groups, "default") != groups.end();
    if (own == nullptr) package.wanted = asked && groups.size() == 1 ? Wanted::always : Wanted::unsaid;
    else package.wanted = asked ? Wanted::always : Wanted::optional;
}

}  // namespace

Result<void> read_pdm(const json::Value& root, ProjectLock& lock) {
    const auto* metadata = root.find("metadata");
    if (metadata == nullptr || metadata->object() == nullptr) return malformed(lock, "no metadata");
    lock.format_version = clean(metadata->text("lock_version"));
    const auto version = parse_pep440(lock.format_version);
    if (!version) return malformed(lock, "lock_version is no version: " + lock.format_version);
    if (version->epoch != "0" || (version->release.front() != "3" && version->release.front() != "4")) {
        return fail(ErrorCode::lock_unsupported, lock.path, "lock_version " + lock.format_version);
    }
    for (const auto& target : items(metadata->find("targets"))) {
        if (lock.requires_python.empty() && items(metadata->find("targets")).size() == 1) lock.requires_python = clean(target.text("requires_python"));
    }
    const auto groups = texts(metadata->find("groups"));
    FilesByVersion files;
    for (const auto& [name, list] : members(metadata->find("files"))) files[name] = &list;
    for (const auto& entry : items(root.find("package"))) {
        // An entry for extras repeats the package: same name, same files.
        auto package = ENVLOCK_TRY(start_package(lock, entry.text("name"), entry.text("version")));
        read_source(lock, package, entry);
        const auto shared = files.find(std::string(entry.text("name")) + " " + std::string(entry.text("version")));
        const auto* own = entry.find("files");
        read_files(lock, package, own != nullptr ? own : shared != files.end() ? shared->second : nullptr);
        package.marker = escape_controls(entry.text("marker"));
        set_wanted(entry, groups, package);
        lock.packages.push_back(std::move(package));
    }
    return {};
}

}  // namespace envlock::pylock
