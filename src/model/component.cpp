#include <envlock/model/component.hpp>

#include <envlock/base/digest.hpp>

#include <algorithm>
#include <array>

namespace envlock {
namespace {

constexpr std::array<std::pair<Evidence, std::string_view>, 10> k_evidence{{
    {Evidence::none, "none"}, {Evidence::recorded, "recorded"}, {Evidence::proved, "proved"},
    {Evidence::consistent, "consistent"}, {Evidence::probable, "probable"}, {Evidence::ambiguous, "ambiguous"},
    {Evidence::built_from_source, "built-from-source"}, {Evidence::vanished, "vanished"},
    {Evidence::unverified, "unverified"}, {Evidence::source_tree, "source-tree"},
}};

// Length-prefixed, so that no choice of values can imitate another list of fields.
void add(std::string& text, std::string_view field) {
    text += std::to_string(field.size());
    text += ':';
    text += field;
}

}  // namespace

std::string_view to_string(Evidence evidence) {
    const auto* row = std::ranges::find(k_evidence, evidence, &std::pair<Evidence, std::string_view>::first);
    return row == k_evidence.end() ? "none" : row->second;
}

std::optional<Evidence> evidence_from(std::string_view text) {
    const auto* row = std::ranges::find(k_evidence, text, &std::pair<Evidence, std::string_view>::second);
    if (row == k_evidence.end()) return std::nullopt;
    return row->first;
}

std::string component_digest(const Component& component) {
    std::string text;
    add(text, component.key);
    add(text, component.kind);
    add(text, component.unknown ? "?" : "");
    for (const auto& [level, value] : component.path) {
        add(text, level);
        add(text, value);
    }
    for (const auto& [name, digest] : component.digests) {
        add(text, name);
        add(text, digest);
    }
    if (component.files) add(text, component.files->digest);
    return sha256_tagged(text);
}

}  // namespace envlock
