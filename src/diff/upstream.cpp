#include "diff/upstream.hpp"

#include <algorithm>
#include <array>

namespace envlock::diff_detail {
namespace {

std::string text_fact(const Component& component, const char* name) {
    const auto found = component.facts.find(name);
    const auto* text = found == component.facts.end() ? nullptr : std::get_if<std::string>(&found->second);
    return text == nullptr ? std::string() : *text;
}

}  // namespace

bool is_upstream_note(const Note& note) {
    constexpr std::array<std::string_view, 12> k_rules{"PY019", "PY024", "PY025", "PY030", "PY031", "PY032", "PY033", "PY034", "PY036", "PY037", "PY038", "PY039"};
    return std::ranges::find(k_rules, note.rule) != k_rules.end();
}

bool asked_index(const LayerSnapshot& layer) {
    return std::ranges::any_of(layer.components, [](const Component& c) {
        return c.evidence == Evidence::proved || c.evidence == Evidence::consistent || c.evidence == Evidence::probable ||
               c.evidence == Evidence::ambiguous || c.evidence == Evidence::built_from_source || c.evidence == Evidence::vanished;
    });
}

bool has_note(const LayerSnapshot& layer, const Note& wanted) {
    return std::ranges::any_of(layer.notes, [&](const Note& n) {
        if (n.component != wanted.component || n.subject != wanted.subject) return false;
        return n.rule == wanted.rule || (wanted.rule == "PY010" && n.rule == "PY025" && n.detail == wanted.detail);
    });
}

PublisherChange publisher_change(const Component& before, const Component& after) {
    const auto known = text_fact(before, "publisher");
    const auto state = text_fact(after, "publisherState");
    if (known.empty() || state.empty()) return {};
    auto now = text_fact(after, "publisher");
    if (now.empty()) now = "none";
    return known == now ? PublisherChange{} : PublisherChange{known, now};
}

}  // namespace envlock::diff_detail
