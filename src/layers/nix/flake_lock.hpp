#pragma once

#include <envlock/base/result.hpp>
#include <envlock/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::nix {

// How much a locked input is held in place, strongest first.
enum class Pin : std::uint8_t {
    content,     // narHash: every byte
    path_local,  // a relative path inside the project: as pinned as the project itself
    rev,         // a revision, but no hash of the content
    dirty,       // made from a work tree with changes: nobody else can have it
    mutable_,    // nothing says which content was meant
};
std::string_view to_string(Pin pin);

// One input as Nix names it, by the way from the root: "nixpkgs", "flake-utils/systems".
// A '/' or '%' in an input's own name is written %2F or %25, so that paths stay unambiguous.
struct FlakeInput {
    std::string path;
    std::string node;  // label in the file; moves when inputs are added, so nothing is compared by it
    std::optional<std::string> follows;  // the input path it stands for; "" is the root flake itself
    // From `locked` (with the `info` of version 5 laid over it). "" or negative: not given.
    std::string type, owner, repo, url, path_attribute, ref, rev, nar_hash, host, dir, name;
    std::int64_t last_modified = -1;
    std::string original_ref;
    bool flake = true;
    Pin pin = Pin::mutable_;
    std::string nar_digest;  // "sha256:<hex>" of a valid narHash
    // What this entry cannot be read for; empty when it is sound.
    std::string broken;
    json::Value locked, original;  // as written: unknown attributes are kept
};

// Something wrong with one entry; the others are read all the same.
struct LockProblem {
    std::string input;  // input path, or "" when it is about the file
    std::string detail;
    bool operator==(const LockProblem&) const = default;
};

struct FlakeLock {
    std::int64_t version = 0;
    std::vector<FlakeInput> inputs;  // sorted by path
    std::vector<LockProblem> problems;
};

// Reads a flake.lock or devenv.lock, version 5 to 7. The graph is walked without recursion:
// cycles are reported and not followed, the size of the file, the number of nodes, the depth and
// the number of input paths are capped. lock_malformed: not such a file at all;
// lock_unsupported: another version.
Result<FlakeLock> parse_flake_lock(std::string_view text, std::string_view subject);

// The 1-based line of the first merge-conflict marker, or 0.
std::size_t conflict_marker_line(std::string_view text);

}  // namespace envlock::nix
