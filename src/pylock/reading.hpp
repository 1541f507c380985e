#pragma once

#include <envlock/json/value.hpp>
#include <envlock/pylock/lock.hpp>

// What the readers of the formats share.
namespace envlock::pylock {

inline constexpr std::size_t k_most_bytes = 16U << 20U;
inline constexpr std::size_t k_most_packages = 50'000;

// A TOML document as the value the JSON formats have too; dates become text. toml++ ends here.
Result<json::Value> parse_toml(std::string_view text, std::string_view path);

// Foreign text that will be shown: no control characters, at most 300 bytes.
std::string clean(std::string_view text);
// The members of an array or object; empty for anything else, a missing value included.
const json::Array& items(const json::Value* value);
const json::Object& members(const json::Value* value);
std::vector<std::string> texts(const json::Value* value);  // the strings of an array, cleaned

bool is_true(const json::Value& entry, std::string_view key);  // the member is there, and true

void warn(ProjectLock& lock, std::string text);  // at most 20, then one that says so

// "sha256:HEX" or "sha256", "HEX". False, and nothing is added, unless it is a known algorithm and
// its number of hex digits.
bool add_hash(LockedFile& file, std::string_view algorithm, std::string_view hex);
bool add_hash(LockedFile& file, std::string_view tagged);

// Folder and path, both relative to the project, as one path relative to it; nullopt when it
// leaves the project, is absolute, or holds a backslash or NUL.
std::optional<std::string> inside_project(std::string_view folder, std::string_view path);
// Where a package lies, as a lock of `lock.path` says it, fit to be shown. A path outside the
// project is kept out of the model: "" and a warning.
std::string local_origin(ProjectLock& lock, std::string_view name, std::string_view path);

// The part of a URL or path after the last '/', without query and fragment, percent signs decoded.
std::string last_part(std::string_view url);

Result<LockedPackage> start_package(const ProjectLock& lock, std::string_view name, std::string_view version);
tl::unexpected<Error> malformed(const ProjectLock& lock, std::string detail);

// One reader a format: `lock.path` and `lock.kind` are set.
Result<void> read_uv(const json::Value& root, ProjectLock& lock);
Result<void> read_pylock(const json::Value& root, ProjectLock& lock);
Result<void> read_poetry(const json::Value& root, ProjectLock& lock);
Result<void> read_pdm(const json::Value& root, ProjectLock& lock);
Result<void> read_pipfile(const json::Value& root, ProjectLock& lock);
Result<void> read_requirements(std::string_view text, ProjectLock& lock, const ReadFile& read);

}  // namespace envlock::pylock
