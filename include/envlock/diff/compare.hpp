#pragma once

#include <envlock/model/manifest.hpp>
#include <envlock/model/policy.hpp>

#include <map>
#include <set>
#include <string>

namespace envlock {

struct CompareInput {
    const Manifest& before;
    const Manifest& after;
    const Policy& policy;
    std::string before_name{}, after_name{};
    std::string today{};  // YYYY-MM-DD, for the expiry of ignores; "": nothing expires
    std::map<std::string, std::int64_t> before_lines{};  // "python/numpy" → line in before_file
    std::string before_file{};
    bool after_live = false;
    std::set<std::string> lock_files{};  // subjects that are locks of the playground: a change is a finding
    std::set<std::string> skipped_layers{};  // not looked at on purpose: no finding, nothing unobserved
};

// What moved between two environments, weighed and judged. Pure: the same input gives the same
// report. Points count every difference, suppressed or not, so that the number is a distance;
// the gates look only at what is not suppressed.
Report compare(const CompareInput& input);

// The one of two verdicts that wins: 2 > 4 > 5 > 1 > 3 > 0.
Exit stronger(Exit a, Exit b);

}  // namespace envlock
