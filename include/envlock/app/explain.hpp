#pragma once

#include <envlock/model/policy.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::app {

// A rule's page: what it means, how severe, what to do, how to ignore it. nullopt: no such rule.
std::optional<std::string> explain_rule(std::string_view id);

// A component of a manifest: its facts, evidence, digests, the weight and the λ of each level, who
// asked for it, and its row of the divergence. Empty when no layer has it. `name` may be
// "numpy" or "python/numpy".
std::string explain_component(const Manifest& manifest, const Policy& policy, std::string_view name);

// One finding of a report, with the numbers put into the formula.
std::string explain_finding(const Finding& finding, std::int64_t total_points);

// The nearest rule ids and component names to a mistyped one, best first, at most three.
std::vector<std::string> suggestions(std::string_view typed, const Manifest* manifest);

// Every rule as Markdown: docs/rules.md is this text.
std::string rules_page();

// One broken rule, as `doctor` shows it.
struct BrokenRule {
    std::string rule, title, layer, component, subject, detail, fix;
    Severity severity = Severity::info;
};
std::vector<BrokenRule> broken_rules(const std::vector<LayerSnapshot>& layers, const Policy& policy);

}  // namespace envlock::app
