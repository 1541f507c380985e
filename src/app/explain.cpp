#include <envlock/app/explain.hpp>

#include <envlock/base/text.hpp>
#include <envlock/diff/metric.hpp>
#include <envlock/diff/rules.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace envlock::app {
namespace {

std::string points_text(std::int64_t micro) {
    const bool negative = micro < 0;
    const auto amount = negative ? -micro : micro;
    auto fraction = std::to_string(amount % 1'000'000);
    fraction.insert(0, 6 - fraction.size(), '0');
    while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
    return (negative ? "-" : "") + std::to_string(amount / 1'000'000) + "." + fraction;
}

std::string_view evidence_meaning(Evidence evidence) {
    switch (evidence) {
        case Evidence::none: return "the index was not asked";
        case Evidence::recorded: return "the installer wrote this file's hash down";
        case Evidence::proved: return "the published file's RECORD equals the installed one";
        case Evidence::consistent: return "the only published file with these tags, and its METADATA equals the installed one";
        case Evidence::probable: return "the only published file with these tags";
        case Evidence::ambiguous: return "several published files have these tags";
        case Evidence::built_from_source: return "no published wheel fits; a source distribution of this version exists";
        case Evidence::vanished: return "the index does not know this version (any more)";
        case Evidence::unverified: return "could not look: the index was not reached";
        case Evidence::source_tree: return "installed from a source tree: there is no published file";
    }
    return "";
}

void line(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out.append("  ").append(name).append(name.size() < 14 ? 14 - name.size() : 1, ' ').append(escape_controls(value)).append("\n");
}

std::string fact_text(const Fact& fact) {
    if (const auto* flag = std::get_if<bool>(&fact)) return *flag ? "yes" : "no";
    if (const auto* number = std::get_if<std::int64_t>(&fact)) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&fact)) return *text;
    std::string out;
    const auto& list = std::get<std::vector<std::string>>(fact);
    for (std::size_t i = 0; i < list.size() && i < 12; ++i) out += (i > 0 ? ", " : "") + list[i];
    if (list.size() > 12) out += ", … (" + std::to_string(list.size()) + " in all)";
    return out;
}

std::vector<std::string> requested_by(const LayerSnapshot& layer, const std::string& key) {
    std::vector<std::string> out;
    for (const auto& component : layer.components) {
        const auto requires_fact = component.facts.find("requires");
        if (requires_fact == component.facts.end()) continue;
        const auto* names = std::get_if<std::vector<std::string>>(&requires_fact->second);
        if (names != nullptr && std::ranges::find(*names, key) != names->end()) out.push_back(component.key);
    }
    return out;
}

void add_artifact(std::string& out, const Component& component) {
    if (!component.artifact) return;
    line(out, "artifact", component.artifact->filename);
    if (!component.artifact->sha256.empty()) line(out, "sha256", component.artifact->sha256);
    if (component.artifact->size >= 0) line(out, "size", std::to_string(component.artifact->size) + " bytes");
    line(out, "uploaded", component.artifact->upload_time);
    line(out, "index", component.artifact->index);
}

void add_files(std::string& out, const Component& component) {
    if (!component.files) return;
    const auto& f = *component.files;
    line(out, "files", std::to_string(f.ok) + " ok, " + std::to_string(f.modified) + " modified, " + std::to_string(f.missing) + " missing, " +
                           std::to_string(f.unhashed) + " without a hash");
    line(out, "files digest", f.digest);
}

std::string one_component(const Manifest& manifest, const LayerSnapshot& layer, const Component& component, const Policy& policy) {
    std::string out = layer.layer + "/" + escape_controls(component.key) + (component.version.empty() ? "" : " " + escape_controls(component.version)) + "\n";
    line(out, "kind", component.kind);
    line(out, "evidence", std::string(to_string(component.evidence)) + ": " + std::string(evidence_meaning(component.evidence)));
    add_artifact(out, component);
    add_files(out, component);
    for (const auto& [name, digest] : component.digests) line(out, name + " digest", digest);
    for (const auto& [name, fact] : component.facts) line(out, name, fact_text(fact));
    std::string by;
    for (const auto& name : requested_by(layer, component.key)) by += (by.empty() ? "" : ", ") + name;
    line(out, "requested by", by);
    const auto weight_here = weight(layer.layer, component.key, component.kind, policy);
    line(out, "weight", points_text(weight_here) + " points");
    std::string levels;
    for (const auto& [level, value] : component.path) {
        levels += (levels.empty() ? "" : "  ") + level + "=" + value + " (" + points_text(weigh(weight_here, level_distance(component.kind, level))) + ")";
    }
    line(out, "levels", levels);
    for (const auto& row : manifest.divergence.components) {
        if (layer.layer != "python" || row.key != component.key) continue;
        line(out, "base", row.base.empty() ? row.state : row.base + " (" + row.source + "): " + row.state + ", " + points_text(row.points) + " points");
    }
    for (const auto& note : layer.notes) {
        if (note.component == component.key) line(out, note.rule.empty() ? "note" : note.rule, note.subject + ": " + note.detail);
    }
    return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::optional<std::string> explain_rule(std::string_view id) {
    std::string upper(id);
    std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    const auto* rule = find_rule(upper);
    if (rule == nullptr) return std::nullopt;
    std::string out = std::string(rule->id) + ": " + std::string(rule->title) + " [" + std::string(to_string(rule->severity)) + "]\n\n";
    out += fill_in(rule->explanation, "NAME", "BEFORE", "AFTER") + "\n";
    if (!rule->fix.empty()) out += "\nwhat to do: " + fill_in(rule->fix, "NAME", "BEFORE", "AFTER") + "\n";
    out += "\nto ignore it for a while, add to envlock.toml:\n\n  [[ignore]]\n  id = \"" + ascii_lower(rule->id) +
           "-1\"\n  rule = \"" + std::string(rule->id) + "\"\n  package = \"NAME\"\n  reason = \"WHY\"\n  expires = \"YYYY-MM-DD\"\n";
    return out;
}

std::string explain_component(const Manifest& manifest, const Policy& policy, std::string_view name) {
    std::string out;
    for (const auto& layer : manifest.layers) {
        for (const auto& component : layer.components) {
            if (component.key != name && layer.layer + "/" + component.key != name) continue;
            if (!out.empty()) out += "\n";
            out += one_component(manifest, layer, component, policy);
        }
    }
    return out;
}

std::string explain_finding(const Finding& finding, std::int64_t total_points) {
    std::string out = finding.layer + "/" + escape_controls(finding.component) + ": " + finding.title + " [" + std::string(to_string(finding.severity)) + "]\n";
    line(out, "rule", finding.rule);
    line(out, "before", finding.before_text);
    line(out, "after", finding.after_text);
    line(out, "level", finding.level + (finding.direction.empty() ? "" : ", " + finding.direction));
    line(out, "points", points_text(finding.points) + " of " + points_text(total_points));
    for (const auto& detail : finding.details) line(out, "detail", detail);
    std::string chain;
    for (const auto& name : finding.affected) chain += (chain.empty() ? "" : " <- ") + name;
    line(out, "requested by", chain);
    line(out, "fix", finding.fix);
    return out;
}

std::vector<std::string> suggestions(std::string_view typed, const Manifest* manifest) {
    std::vector<std::pair<std::size_t, std::string>> near;
    const auto wanted = ascii_lower(typed);
    const auto consider = [&](const std::string& name) {
        const auto apart = edit_distance(wanted, ascii_lower(name));
        if (apart <= 2) near.emplace_back(apart, name);
    };
    for (const auto& rule : rules()) consider(std::string(rule.id));
    if (manifest != nullptr) {
        for (const auto& layer : manifest->layers) {
            for (const auto& component : layer.components) consider(component.key);
        }
    }
    std::ranges::sort(near);
    std::vector<std::string> out;
    for (auto& [apart, name] : near) {
        if (out.size() < 3 && std::ranges::find(out, name) == out.end()) out.push_back(std::move(name));
    }
    return out;
}

std::string rules_page() {
    std::string out = "# Rules\n\nGenerated by `envlock explain --all`. Severities can be changed in `envlock.toml` under `[severity]`.\n";
    for (const auto& rule : rules()) {
        out += "\n## " + std::string(rule.id) + " " + std::string(rule.title) + "\n\nSeverity: " + std::string(to_string(rule.severity)) + "\n\n" + fill_in(rule.explanation, "NAME", "BEFORE", "AFTER") + "\n";
        if (!rule.fix.empty()) out += "\nWhat to do: " + fill_in(rule.fix, "NAME", "BEFORE", "AFTER") + "\n";
    }
    return out;
}

std::vector<BrokenRule> broken_rules(const std::vector<LayerSnapshot>& layers, const Policy& policy) {
    std::vector<BrokenRule> out;
    for (const auto& layer : layers) {
        for (const auto& note : layer.notes) {
            const auto* rule = find_rule(note.rule);
            if (rule == nullptr) continue;
            BrokenRule broken{.rule = note.rule, .title = std::string(rule->title), .layer = layer.layer, .component = note.component,
                              .subject = note.subject, .detail = note.detail,
                              .fix = fill_in(rule->fix, note.component.empty() ? note.subject : note.component, "", ""), .severity = rule->severity};
            if (const auto own = policy.severities.find(note.rule); own != policy.severities.end()) broken.severity = own->second;
            out.push_back(std::move(broken));
        }
    }
    std::ranges::stable_sort(out, std::ranges::greater{}, &BrokenRule::severity);
    return out;
}

}  // namespace envlock::app
