#include "diff/requested_by.hpp"

#include <algorithm>

namespace envlock::diff_detail {
namespace {
constexpr std::size_t k_longest_chain = 20;
}

Requesters::Requesters(const LayerSnapshot* after, const LayerSnapshot* before) {
    for (const auto* side : {after, before}) {
        if (!side) continue;
        for (const auto& c : side->components) {
            if (side == before && after && after->find(c.key)) continue;
            const auto fact = c.facts.find("requires");
            if (fact == c.facts.end()) continue;
            const auto* names = std::get_if<std::vector<std::string>>(&fact->second);
            for (const auto& name : names ? *names : std::vector<std::string>{}) {
                if (name != c.key) m_by[name].insert(c.key);
            }
        }
    }
}

std::vector<std::string> Requesters::chain(std::string_view key, const std::vector<std::string>& direct) const {
    const auto is_top = [&](std::string_view name) {
        return std::ranges::any_of(direct, [&](const std::string& d) { return d == name; }) || !m_by.contains(name);
    };
    const std::string start(key);
    if (is_top(start)) return {};
    std::map<std::string, std::string> came_from{{start, ""}};
    std::vector<std::string> queue{start};
    std::string top;
    for (std::size_t i = 0; i < queue.size() && top.empty(); ++i) {
        const auto at = queue[i];
        for (const auto& up : m_by.contains(at) ? m_by.find(at)->second : std::set<std::string>{}) {
            if (!came_from.emplace(up, at).second) continue;
            if (is_top(up)) {
                top = up;
                break;
            }
            queue.push_back(up);
        }
    }
    // Only circles above: name the nearest.
    if (top.empty()) return {*m_by.find(start)->second.begin()};
    std::vector<std::string> out;
    for (auto at = top; at != start && out.size() < k_longest_chain; at = came_from[at]) out.push_back(at);
    std::ranges::reverse(out);
    return out;
}

}  // namespace envlock::diff_detail
