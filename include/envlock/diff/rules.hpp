#pragma once

#include <envlock/model/drift.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace envlock {

// One row of the one rule table. Ids are stable: a rule that goes away leaves its id unused.
// Texts may hold {component}, {before} and {after}; fill_in() puts the values there.
struct Rule {
    std::string_view id;
    std::string_view title;        // one clause: what is so
    Severity severity;             // the default; a policy may override it
    std::string_view explanation;  // what it means and why it matters
    std::string_view fix;          // what to do next
};

// Sorted by id.
const std::vector<Rule>& rules();
const Rule* find_rule(std::string_view id);  // either case; nullptr when there is none

std::string fill_in(std::string_view text, std::string_view component, std::string_view before, std::string_view after);

}  // namespace envlock
