#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace envlock {

// A parsed PEP 440 version. Numbers are decimal digits without leading zeros, as text: real
// versions hold dates with seconds and longer, and no width would be enough for hostile ones.
struct Pep440 {
    std::string epoch = "0";
    std::vector<std::string> release;  // as many as were written, at least one
    std::string pre_kind;              // "a", "b", "rc", or "" for none
    std::string pre_number;
    std::optional<std::string> post, dev;
    std::vector<std::string> local;    // lower case; numeric segments folded
};

// Every spelling PEP 440 allows (v1.0, 1.0-ALPHA.1, 1.0-1, 1.0+Ubuntu_1), white space around
// it too; nullopt for anything else and for more than 512 bytes.
std::optional<Pep440> parse_pep440(std::string_view text);

// PEP 440's order; 1.0 and 1.0.0 are equal.
std::strong_ordering compare(const Pep440& a, const Pep440& b);

// The normal form, release as long as it was written: "1.0.dev0".
std::string canonical(const Pep440& version);
// The same with trailing zeros of the release removed ("1.dev0"): equal versions, equal keys.
std::string canonical_key(const Pep440& version);

// The levels a distance is measured by, always these six in this order: epoch, major, minor, micro
// (the rest of the release, zero-trimmed, "0" when nothing is left), pre (canonical pre, post and
// dev parts, may be ""), local (may be ""). Not PEP 440: the single level {"value", text}.
std::vector<std::pair<std::string, std::string>> version_levels(std::string_view version);

// -1, 0 or 1; 2: not the same text, and at least one is not PEP 440, so there is no order.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace envlock
