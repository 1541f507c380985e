#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace envlock {

// One level of a version path, most significant first: {"major", "1"}, {"minor", "26"}.
// Level names are from a closed list that the metric has a λ for (diff/metric.hpp):
//   pip:    epoch major minor micro pre local source
//   flake:  repo ref rev
//   dotted: major minor patch build     (toolkit, driver, cudnn, nccl)
//   python: major minor micro build abi
//   opaque: value
// The path is stored in the manifest, so the metric needs no version grammar and the same two
// files give the same number for ever.
struct PathLevel {
    std::string level;
    std::string value;
    bool operator==(const PathLevel&) const = default;
};

// How envlock knows which published file an installed distribution equals (reference: ladder).
enum class Evidence : std::uint8_t {
    none,               // not a distribution, or the index was not asked
    recorded,           // the installer wrote the hash down
    proved,             // the published file's RECORD equals the installed one
    consistent,         // unique by tags, and METADATA equals the published digest
    probable,           // unique by tags only
    ambiguous,          // several published files fit; `candidates` says how many
    built_from_source,  // no published wheel fits, a source distribution exists
    vanished,           // the index knows no such version (any more)
    unverified,         // could not look: offline, index unreachable
    source_tree,        // editable or VCS: there is no published file
};
std::string_view to_string(Evidence evidence);
std::optional<Evidence> evidence_from(std::string_view text);

// The published file. Empty strings and negative numbers are "not known"; a sha256 is never
// stored without the Evidence beside it.
struct Artifact {
    std::string filename;
    std::string sha256;       // hex
    std::int64_t size = -1;   // bytes
    std::string upload_time;  // RFC 3339 with Z, as the index said
    std::string index;        // base URL of the index, redacted
    std::string url;          // redacted
    std::int64_t candidates = 0;
    bool operator==(const Artifact&) const = default;
};

// Every RECORD row against the disk. `digest` covers what is really there (path, content), in
// an installer-independent form, so that equal trees have equal digests on any machine.
struct FileIntegrity {
    std::string digest;  // "sha256:…"; empty at --level metadata
    std::int64_t ok = 0, modified = 0, missing = 0, unhashed = 0, unreadable = 0;
    std::int64_t escape = 0, malformed = 0, duplicate = 0, unsupported = 0;
    std::int64_t bytes = 0;
    bool operator==(const FileIntegrity&) const = default;
};

using Fact = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

// One thing observed. `key` is unique within its layer and canonical (PEP 503 name, input path,
// "driver"); `kind` says what it is ("distribution", "input", "interpreter", "edge", …).
struct Component {
    std::string key;
    std::string kind;
    std::string version;               // as shown to a person; may be empty
    std::vector<PathLevel> path;       // what the metric compares
    std::map<std::string, std::string> digests;  // "record" / "narHash" / "content" → tagged digest; compared where both sides have the name
    Evidence evidence = Evidence::none;
    std::optional<Artifact> artifact;
    std::optional<FileIntegrity> files;
    // Free facts for people and for later questions; never compared by the metric, not in the
    // digest. Keys are lowerCamelCase and never one of the fixed member names of the manifest.
    std::map<std::string, Fact> facts;
    bool unknown = false;  // this component exists but could not be observed: state `?`
    bool operator==(const Component&) const = default;
};

// "sha256:…" over key, kind, path and digests (and files->digest): free of paths, times, host
// names and of how the value was found out. Two equal components have equal digests.
std::string component_digest(const Component& component);

}  // namespace envlock
