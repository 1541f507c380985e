// pylock.toml and pylock.<name>.toml (PEP 751).
#include "pylock/reading.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/pep440.hpp>

#include <algorithm>
#include <array>

namespace envlock::pylock {
namespace {

constexpr std::array<std::string_view, 9> k_top_keys{"lock-version", "environments", "requires-python", "extras", "dependency-groups",
                                                      "default-groups", "created-by", "packages", "tool"};

// A file's own `name` wins over the end of its URL or path.
Result<LockedFile> read_file(ProjectLock& lock, const LockedPackage& package, const json::Value& entry) {
    LockedFile file;
    const auto url = entry.text("url");
    const auto path = entry.text("path");
    if (url.empty() && path.empty()) return malformed(lock, package.name + ": a file with neither url nor path");
    file.filename = entry.text("name").empty() ? last_part(url.empty() ? path : url) : clean(entry.text("name"));
    file.url = path.empty() ? clean(redact_url(url)) : local_origin(lock, package.name, path);
    if (const auto* size = entry.find("size"); size != nullptr && size->integer() != nullptr) file.size = *size->integer();
    const auto& hashes = members(entry.find("hashes"));
    if (hashes.empty()) return malformed(lock, package.name + ": " + file.filename + " has no hashes");
    for (const auto& [algorithm, hex] : hashes) {
        if (hex.string() == nullptr || !add_hash(file, algorithm, *hex.string())) warn(lock, package.name + ": a hash that cannot be read: " + clean(algorithm));
    }
    return file;
}

Result<void> read_vcs(ProjectLock& lock, LockedPackage& package, const json::Value& entry) {
    package.source = SourceKind::vcs;
    package.commit = clean(entry.text("commit-id"));
    if (package.commit.empty() || entry.text("type").empty()) return malformed(lock, package.name + ": vcs without type and commit-id");
    package.origin = entry.text("path").empty() ? clean(redact_url(entry.text("url"))) : local_origin(lock, package.name, entry.text("path"));
    return {};
}

Result<void> read_directory(ProjectLock& lock, LockedPackage& package, const json::Value& entry) {
    package.source = is_true(entry, "editable") ? SourceKind::editable : SourceKind::path;
    if (entry.text("path").empty()) return malformed(lock, package.name + ": directory without path");
    package.origin = local_origin(lock, package.name, entry.text("path"));
    return {};
}

Result<void> read_files(ProjectLock& lock, LockedPackage& package, const json::Value& entry) {
    if (const auto* archive = entry.find("archive")) {
        package.source = SourceKind::archive;
        package.files.push_back(ENVLOCK_TRY(read_file(lock, package, *archive)));
        package.origin = package.files.front().url;
        return {};
    }
    if (const auto* sdist = entry.find("sdist")) package.files.push_back(ENVLOCK_TRY(read_file(lock, package, *sdist)));
    for (const auto& wheel : items(entry.find("wheels"))) package.files.push_back(ENVLOCK_TRY(read_file(lock, package, wheel)));
    return {};
}

Result<void> read_package(const json::Value& entry, ProjectLock& lock) {
    auto package = ENVLOCK_TRY(start_package(lock, entry.text("name"), entry.text("version")));
    package.origin = clean(redact_url(entry.text("index")));
    package.marker = escape_controls(entry.text("marker"));
    const auto* vcs = entry.find("vcs");
    const auto* directory = entry.find("directory");
    const bool files = entry.find("sdist") != nullptr || entry.find("wheels") != nullptr;
    if (int{vcs != nullptr} + int{directory != nullptr} + int{entry.find("archive") != nullptr} + int{files} != 1) {
        return malformed(lock, package.name + ": not exactly one of vcs, directory, archive, and sdist or wheels");
    }
    if (vcs != nullptr) ENVLOCK_CHECK(read_vcs(lock, package, *vcs));
    else if (directory != nullptr) ENVLOCK_CHECK(read_directory(lock, package, *directory));
    else ENVLOCK_CHECK(read_files(lock, package, entry));
    lock.packages.push_back(std::move(package));
    return {};
}

Result<void> check_version(const json::Value& root, ProjectLock& lock) {
    lock.format_version = clean(root.text("lock-version"));
    if (lock.format_version.empty()) return malformed(lock, "no lock-version");
    const auto version = parse_pep440(lock.format_version);
    if (!version) return malformed(lock, "lock-version is no version: " + lock.format_version);
    if (version->epoch != "0" || version->release.front() != "1") return fail(ErrorCode::lock_unsupported, lock.path, "lock-version " + lock.format_version);
    if (compare_versions(lock.format_version, "1.0") == 0) return {};
    warn(lock, "lock-version " + lock.format_version + " is newer than what is known");
    for (const auto& member : members(&root)) {
        if (std::ranges::find(k_top_keys, member.first) == k_top_keys.end()) warn(lock, "unknown key: " + clean(member.first));
    }
    return {};
}

}  // namespace

Result<void> read_pylock(const json::Value& root, ProjectLock& lock) {
    ENVLOCK_CHECK(check_version(root, lock));
    if (root.text("created-by").empty()) warn(lock, "no created-by");
    lock.requires_python = clean(root.text("requires-python"));
    lock.environments = texts(root.find("environments"));
    lock.default_groups = texts(root.find("default-groups"));
    const auto* packages = root.find("packages");
    if (packages == nullptr || packages->array() == nullptr) return malformed(lock, "no packages");
    for (const auto& entry : *packages->array()) ENVLOCK_CHECK(read_package(entry, lock));
    return {};
}

}  // namespace envlock::pylock
