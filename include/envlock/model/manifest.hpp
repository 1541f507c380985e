#pragma once

#include <envlock/model/snapshot.hpp>

namespace envlock {

struct Subject {
    std::string name;    // path relative to the project root
    std::string sha256;  // hex
    bool operator==(const Subject&) const = default;
};

// One playground distribution compared with what the pinned base would provide.
struct DivergenceRow {
    std::string key;
    std::string base;        // version in the base; "" when not in the base
    std::string playground;  // version in the playground
    std::string state;       // "same", "differs", "not-in-base", "unknown"
    std::string level;       // first differing level, or ""
    std::int64_t points = 0; // micro-points
    std::string source;      // where the base version was read: "store", "eval", …
    bool operator==(const DivergenceRow&) const = default;
};

// A share as a pair of integers, so that it stays exact.
struct Share {
    std::int64_t covered = 0;  // by the Nix pin
    std::int64_t total = 0;
    bool operator==(const Share&) const = default;
};

struct Divergence {
    std::int64_t points = 0;  // micro-points, sum over the rows
    std::int64_t score = 0;   // hundredths
    std::vector<DivergenceRow> components;
    Share distributions, files, bytes;
    std::string method;  // "store", "none", …
    bool operator==(const Divergence&) const = default;
};

// envlock.lock: an in-toto Statement v1 whose predicate is this environment.
struct Manifest {
    std::vector<Subject> subjects;
    std::string project;
    std::string profile = "default";
    std::int64_t sequence = 1;
    std::string previous;      // "sha256:…" of the manifest it replaces, or ""
    std::string captured_at;   // RFC 3339, UTC, seconds
    std::string tool_version;
    std::string level;         // "metadata", "cached" or "full"
    std::vector<LayerSnapshot> layers;
    Divergence divergence;
    std::vector<Note> notes;
    bool operator==(const Manifest&) const = default;
};

}  // namespace envlock
