#pragma once

#include <envlock/model/manifest.hpp>

namespace envlock {

enum class Severity : std::uint8_t { info, low, medium, high, critical };  // ordered
std::string_view to_string(Severity severity);
std::optional<Severity> severity_from(std::string_view text);

struct Location {
    std::string file;       // relative to the project
    std::int64_t line = 0;  // 1-based; 0: unknown
    bool operator==(const Location&) const = default;
};

// One difference, whole: it owns both components, so nobody looks back.
struct Finding {
    std::string rule;
    std::string title;
    Severity severity = Severity::low;
    std::string layer;
    std::string component;              // key
    std::optional<Component> before, after;
    std::string before_text, after_text;  // what to show; "" for absent
    std::string level;                  // first differing level: "minor", "absent", "content", "note"
    std::string direction;              // "up", "down", "added", "removed", "changed"
    std::int64_t points = 0;            // micro-points
    std::int64_t share = 0;             // of the total, in hundredths of a percent
    std::vector<std::string> details;   // e.g. the files that were modified; capped, the last says how many more
    std::vector<std::string> affected;  // requested-by chain
    Location location;
    std::string fix;
    std::string suppressed_by;          // id of the ignore entry, or ""
};

struct LayerDrift {
    std::string id;
    std::int64_t points = 0;
    std::int64_t score = 0;
    bool equal = true;
    std::int64_t added = 0, removed = 0, changed = 0, unknown = 0, identical = 0, total = 0;
};

// Something required that could not be looked at.
struct Unobserved {
    std::string layer, component, why;
    std::int64_t weight = 0;  // micro-points it could add
};

enum class Exit : std::uint8_t {
    clean = 0,
    drift = 1,
    error = 2,
    inconclusive = 3,
    untrusted = 4,
    unavailable = 5,
};
std::string_view to_string(Exit exit);  // "clean", "drift", …: the verdict word

// What `diff` says. `exit` already follows the precedence of the contract (2 > 4 > 5 > 1 > 3).
struct Report {
    Exit exit = Exit::clean;
    bool complete = true;
    std::string metric = "ed1";
    std::string policy_digest;
    std::string before_name, after_name;      // "envlock.lock", "live"
    std::string before_digest, after_digest;  // environment digests
    std::string trust;                        // "signed by NAME (SHA256:…)", "unsigned", …
    std::int64_t points = 0, score = 0, score_high = 0;
    std::vector<LayerDrift> layers;
    std::vector<Finding> findings;  // most severe first, then points, then layer and component
    Divergence divergence;
    std::vector<Unobserved> unobserved;
    std::vector<std::string> warnings;
    std::string gate;  // the gate that decided, as a person reads it: "severity >= low"
};

}  // namespace envlock
