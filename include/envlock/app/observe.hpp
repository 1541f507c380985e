#pragma once

#include <envlock/layer/layer.hpp>
#include <envlock/model/policy.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::app {

// Every layer of the table, probed in order. A probe that returns an Error becomes an
// unobservable layer with that text as its note. At Level::metadata the layers that need a file
// walk are left out: skipped_layers(level) names them.
std::vector<LayerSnapshot> observe(const ProbeContext& context);
std::set<std::string> skipped_layers(Level level);

std::string_view to_string(Level level);  // "metadata", "cached", "full"

// What the base would provide against what the playground has: points by the metric over the
// distributions that both know, and the shares of distributions, files and bytes that come from
// the Nix store.
Divergence measure_divergence(const ProbeContext& context, const std::vector<LayerSnapshot>& layers, const Policy& policy);

}  // namespace envlock::app
