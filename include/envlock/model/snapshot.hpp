#pragma once

#include <envlock/model/component.hpp>

namespace envlock {

enum class Presence : std::uint8_t { present, absent, unobservable };
std::string_view to_string(Presence presence);
std::optional<Presence> presence_from(std::string_view text);

// Something worth saying about one environment: a broken item that was skipped, or a rule that
// does not hold here ("base not pinned"). A note with a rule id becomes a finding of `doctor`,
// and of `diff` when the other side does not have it.
struct Note {
    std::string rule;       // an id of the rule table ("PY003"), or "" for a plain remark
    std::string component;  // key of the component it is about, or ""
    std::string subject;    // the path, URL or name
    std::string detail;     // what was seen
    auto operator<=>(const Note&) const = default;
};

// What one layer saw, frozen: components sorted by key, notes sorted.
struct LayerSnapshot {
    std::string layer;
    Presence presence = Presence::present;
    std::vector<Component> components;
    std::vector<Note> notes;
    bool operator==(const LayerSnapshot&) const = default;

    const Component* find(std::string_view key) const;
};

// Sorts components by key (a duplicate key gets "#2", "#3" appended) and notes, and removes equal notes.
void freeze(LayerSnapshot& snapshot);

// "sha256:…" over presence and the components' digests. Notes are not part of it.
std::string layer_digest(const LayerSnapshot& snapshot);
std::string environment_digest(const std::vector<LayerSnapshot>& layers);

}  // namespace envlock
