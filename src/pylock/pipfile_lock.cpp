// Pipfile.lock: JSON, one object a category. Hashes have no file names.
#include "pylock/reading.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/pylock/requirement.hpp>

#include <map>

namespace envlock::pylock {
namespace {

constexpr std::int64_t k_known_spec = 6;

void read_source(ProjectLock& lock, LockedPackage& package, const json::Value& entry) {
    for (const auto* vcs : {"git", "hg", "svn", "bzr"}) {
        if (entry.text(vcs).empty()) continue;
        package.source = SourceKind::vcs;
        package.origin = clean(redact_url(entry.text(vcs)));
        package.commit = clean(entry.text("ref"));
        return;
    }
    const auto file = entry.text("file");
    if (const auto path = entry.text("path"); !path.empty()) {
        package.source = is_true(entry, "editable") ? SourceKind::editable : SourceKind::path;
        package.origin = local_origin(lock, package.name, path);
    } else if (!file.empty()) {
        package.source = SourceKind::archive;
        package.origin = clean(redact_url(file));
    }
}

using Sources = std::map<std::string, std::string, std::less<>>;  // name → URL, redacted

Sources read_sources(const json::Value& meta) {
    Sources out;
    for (const auto& source : items(meta.find("sources"))) out.emplace(source.text("name"), clean(redact_url(source.text("url"))));
    return out;
}

Result<void> read_entry(std::string_view name, const json::Value& entry, Wanted wanted, const Sources& sources, ProjectLock& lock) {
    if (entry.object() == nullptr) return malformed(lock, clean(name) + " is no object");
    const auto version = entry.text("version");
    auto package = ENVLOCK_TRY(start_package(lock, name, pinned_version(version)));
    package.exact = false;
    package.wanted = wanted;
    read_source(lock, package, entry);
    if (package.version.empty() && package.source == SourceKind::index) {
        // Pipenv writes "*" for what it could not resolve on the machine that locked.
        package.wanted = Wanted::unsaid;
        warn(lock, package.name + ": not pinned: " + clean(version));
    }
    package.marker = escape_controls(entry.text("markers"));
    const auto source = sources.find(entry.text("index"));
    if (package.source == SourceKind::index && source != sources.end()) package.origin = source->second;
    for (const auto& hash : texts(entry.find("hashes"))) {
        LockedFile file;
        if (add_hash(file, hash)) package.files.push_back(std::move(file));
        else warn(lock, package.name + ": a hash that cannot be read");
    }
    lock.packages.push_back(std::move(package));
    return {};
}

}  // namespace

Result<void> read_pipfile(const json::Value& root, ProjectLock& lock) {
    const auto* meta = root.find("_meta");
    if (meta == nullptr || meta->object() == nullptr) return malformed(lock, "no _meta");
    const auto* spec = meta->find("pipfile-spec");
    if (spec == nullptr || spec->integer() == nullptr) return malformed(lock, "no pipfile-spec");
    lock.format_version = std::to_string(*spec->integer());
    if (*spec->integer() > k_known_spec) return fail(ErrorCode::lock_unsupported, lock.path, "pipfile-spec " + lock.format_version);
    if (const auto* asked = meta->find("requires")) {
        const auto full = asked->text("python_full_version");
        const auto minor = asked->text("python_version");
        if (!full.empty()) lock.requires_python = clean("==" + std::string(full));
        else if (!minor.empty()) lock.requires_python = clean("==" + std::string(minor) + ".*");
    }
    const auto sources = read_sources(*meta);
    for (const auto& [category, entries] : members(&root)) {
        if (category == "_meta") continue;
        const auto wanted = category == "default" ? Wanted::always : Wanted::optional;
        for (const auto& [name, entry] : members(&entries)) ENVLOCK_CHECK(read_entry(name, entry, wanted, sources, lock));
    }
    return {};
}

}  // namespace envlock::pylock
