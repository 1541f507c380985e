#include <envlock/model/snapshot.hpp>

#include <envlock/base/digest.hpp>

#include <algorithm>

namespace envlock {

std::string_view to_string(Presence presence) {
    switch (presence) {
        case Presence::present: return "present";
        case Presence::absent: return "absent";
        case Presence::unobservable: return "unobservable";
    }
    return "unobservable";
}

std::optional<Presence> presence_from(std::string_view text) {
    for (const auto presence : {Presence::present, Presence::absent, Presence::unobservable}) {
        if (to_string(presence) == text) return presence;
    }
    return std::nullopt;
}

const Component* LayerSnapshot::find(std::string_view key) const {
    const auto found = std::ranges::lower_bound(components, key, {}, &Component::key);
    return found != components.end() && found->key == key ? &*found : nullptr;
}

void freeze(LayerSnapshot& snapshot) {
    auto& components = snapshot.components;
    std::ranges::stable_sort(components, {}, &Component::key);
    for (std::size_t i = 0; i < components.size();) {
        std::size_t same = i + 1;
        while (same < components.size() && components[same].key == components[i].key) ++same;
        for (std::size_t copy = i + 1; copy < same; ++copy) components[copy].key += "#" + std::to_string(copy - i + 1);
        i = same;
    }
    std::ranges::sort(components, {}, &Component::key);
    std::ranges::sort(snapshot.notes);
    snapshot.notes.erase(std::unique(snapshot.notes.begin(), snapshot.notes.end()), snapshot.notes.end());
}

std::string layer_digest(const LayerSnapshot& snapshot) {
    std::string text = snapshot.layer + "\n" + std::string(to_string(snapshot.presence)) + "\n";
    for (const auto& component : snapshot.components) text += component_digest(component) + "\n";
    return sha256_tagged(text);
}

std::string environment_digest(const std::vector<LayerSnapshot>& layers) {
    std::string text;
    for (const auto& layer : layers) text += layer.layer + " " + layer_digest(layer) + "\n";
    return sha256_tagged(text);
}

}  // namespace envlock
