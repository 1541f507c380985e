#include <envlock/app/observe.hpp>

#include <envlock/diff/metric.hpp>
#include <envlock/version/pep440.hpp>

#include "layers/nix/base_versions.hpp"

#include <algorithm>

namespace envlock::app {
namespace {

std::string text_fact(const Component& component, const std::string& name) {
    const auto found = component.facts.find(name);
    if (found == component.facts.end()) return {};
    const auto* text = std::get_if<std::string>(&found->second);
    return text == nullptr ? std::string() : *text;
}

std::string python_minor(const LayerSnapshot& python) {
    const auto* interpreter = python.find("python");
    if (interpreter == nullptr) return {};
    std::string out;
    for (const auto& [level, value] : interpreter->path) {
        if (level == "major") out = value;
        if (level == "minor") out += "." + value;
    }
    return out;
}

Component as_base(const Component& playground, const std::string& version) {
    Component base;
    base.key = playground.key;
    base.kind = playground.kind;
    base.version = version;
    for (auto& [level, value] : version_levels(version)) base.path.push_back({level, value});
    // The base is compared by version only: the source level is taken from the playground.
    for (const auto& level : playground.path) {
        if (level.level == "source") base.path.push_back(level);
    }
    return base;
}

}  // namespace

std::string_view to_string(Level level) {
    switch (level) {
        case Level::metadata: return "metadata";
        case Level::cached: return "cached";
        case Level::full: return "full";
    }
    return "cached";
}

std::set<std::string> skipped_layers(Level level) {
    return level == Level::metadata ? std::set<std::string>{"native"} : std::set<std::string>{};
}

std::vector<LayerSnapshot> observe(const ProbeContext& context) {
    const auto skipped = skipped_layers(context.level);
    std::vector<LayerSnapshot> out;
    for (const auto& layer : all_layers()) {
        if (skipped.contains(layer.id)) continue;
        context.progress.step(layer.title, 0, 0);
        auto seen = layer.probe(context);
        if (seen) {
            seen->layer = layer.id;
            freeze(*seen);
            out.push_back(*std::move(seen));
        } else {
            out.push_back({.layer = layer.id, .presence = Presence::unobservable, .notes = {{"", "", seen.error().subject, to_line(seen.error())}}});
        }
    }
    return out;
}

Divergence measure_divergence(const ProbeContext& context, const std::vector<LayerSnapshot>& layers, const Policy& policy) {
    Divergence out;
    const auto python = std::ranges::find(layers, "python", &LayerSnapshot::layer);
    if (python == layers.end()) return out;
    const auto base = nix::find_base_versions(context, python_minor(*python));
    out.method = base.method;
    for (const auto& component : python->components) {
        if (component.kind != "distribution") continue;
        const bool covered = text_fact(component, "site") == "base" && text_fact(component, "store") != "";
        const auto files = component.files ? component.files->ok + component.files->modified + component.files->unhashed : 0;
        const auto bytes = component.files ? component.files->bytes : 0;
        for (auto [share, amount] : {std::pair{&out.distributions, std::int64_t{1}}, {&out.files, files}, {&out.bytes, bytes}}) {
            share->total += amount;
            if (covered) share->covered += amount;
        }
        DivergenceRow row{.key = component.key, .playground = component.version};
        const auto known = base.by_name.find(component.key);
        if (known == base.by_name.end()) {
            row.state = base.method == "none" ? "unknown" : "not-in-base";
        } else {
            const auto provided = as_base(component, known->second.version);
            const auto apart = distance(&provided, &component);
            row.base = known->second.version;
            row.source = known->second.source;
            row.level = apart.level;
            row.points = weigh(weight(python->layer, component.key, component.kind, policy), apart.delta);
            row.state = row.points == 0 ? "same" : "differs";
        }
        out.points += row.points;
        if (row.state != "unknown") out.components.push_back(std::move(row));
    }
    out.score = score(out.points);
    return out;
}

}  // namespace envlock::app
