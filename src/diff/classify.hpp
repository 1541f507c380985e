#pragma once

#include <envlock/diff/metric.hpp>

namespace envlock::diff_detail {

struct Verdict {
    std::string rule;
    Severity severity = Severity::low;
};

// Which rule a changed item falls under, and how bad it is before the policy's overrides.
Verdict classify(std::string_view layer, const Component* before, const Component* after, const Distance& apart, const Policy& policy);

// "up", "down", "added", "removed" or "changed".
std::string direction(const Component* before, const Component* after, const Distance& apart);

// What to show of one side.
std::string shown(const Component& component, const Distance& apart);

}  // namespace envlock::diff_detail
