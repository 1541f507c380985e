#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The lock files that Python's installers write, read into one model. Every one of them is
// foreign text: sizes are capped, URLs are redacted while they are read, names and versions have
// no control characters, and a path that leaves the project is refused.
namespace envlock::pylock {

enum class LockKind : std::uint8_t { uv, pylock, poetry, pdm, pipfile, requirements };
std::string_view to_string(LockKind kind);

// By its file name alone: uv.lock, pylock.toml, pylock.<name>.toml, poetry.lock, pdm.lock,
// Pipfile.lock and requirements*.txt.
std::optional<LockKind> lock_kind(std::string_view filename);

enum class SourceKind : std::uint8_t {
    index,
    vcs,
    archive,   // a file by URL or path
    path,      // a folder, copied
    editable,  // a folder, in place
    nothing,   // the project itself where it is never installed (uv's `virtual`)
};
std::string_view to_string(SourceKind kind);

struct LockedFile {
    std::string filename;
    std::map<std::string, std::string> hashes;  // "sha256" → hex, lower case, well-formed only
    std::int64_t size = -1;                     // bytes; -1: not said
    std::string url;                            // redacted; a path where the lock has one
};

// What one package of a lock asks for, where the lock says so.
struct LockedEdge {
    std::string name, version;        // version: "" unless the lock has several of the name
    std::string marker;
    std::vector<std::string> extras;  // of the package asked for
    std::string extra;                // only when this extra of the asking package is wanted; "" for always
    bool optional = false;            // of a group of development dependencies, or optional by the lock's word
};

// Whether an install without extras and groups takes the package, by the lock's word about it alone.
enum class Wanted : std::uint8_t { always, optional, unsaid };

struct LockedPackage {
    std::string name;         // normalised
    std::string version;      // "" for a source tree
    bool exact = true;        // false: "==1.0" also means 1.0+local
    SourceKind source = SourceKind::index;
    std::string origin;       // redacted: the index, the repository, the URL or the path
    std::string commit;       // of a vcs source
    std::string marker;       // "" for everywhere
    Wanted wanted = Wanted::always;
    std::vector<LockedFile> files;
    std::vector<LockedEdge> edges;
};

struct ProjectLock {
    std::string path;             // relative to the project
    LockKind kind{};
    std::string format_version;   // as the lock says: "1.0", "1 revision 3"; "" where there is none
    std::string requires_python;
    std::vector<std::string> environments;    // markers; the lock is for these only; empty: for all
    std::vector<std::string> default_groups;  // pylock
    std::vector<LockedPackage> packages;
    std::vector<std::size_t> roots;  // packages the walk along edges starts at
    bool walk = false;      // what is needed follows from roots and edges, not from Wanted alone
    bool complete = true;   // it claims to name every package, dependencies too
    std::vector<std::string> warnings;  // what was skipped or could not be understood; capped
};

// What an install takes here (see find_needs).
enum class Need : std::uint8_t { not_here, optional, unknown, needed };  // ordered

// Reads another file of the project, for `-r` and `-c`; the path is relative to the project.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

// lock_malformed, lock_unsupported (a format version that is not known to be readable),
// file_too_large (more than 16 MiB). `path` is relative to the project and names it in errors.
Result<ProjectLock> parse_lock(LockKind kind, std::string_view text, std::string_view path, const ReadFile& read);

}  // namespace envlock::pylock
