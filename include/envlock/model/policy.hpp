#pragma once

#include <envlock/model/drift.hpp>

namespace envlock {

struct Ignore {
    std::string id, rule, package, version, layer, reason, owner;
    std::string created, expires;  // YYYY-MM-DD
};

// envlock.toml, with the defaults of the contract.
struct Policy {
    std::vector<std::string> direct;    // project's direct requirements, canonical names
    std::vector<std::string> critical;  // names or globs with weight 2
    std::map<std::string, std::int64_t> weights;  // "python:numpy" or "nix:*" → micro-points, overrides
    Severity fail_on = Severity::low;
    std::int64_t max_points = -1;  // micro-points; -1: no such gate
    std::int64_t max_divergence = -1;
    std::map<std::string, std::int64_t> max_layer;
    std::map<std::string, Severity> severities;  // rule id → severity override
    std::vector<std::string> required_layers;
    std::vector<Ignore> ignores;
    bool allow_unknown = false;
    bool require_signature = false;
    std::string signing_key;  // path; "" when none is configured
    std::string project;      // name written in the manifest; "" → folder name
    std::string digest;       // "sha256:…" of the policy text, or of the defaults
};

}  // namespace envlock
