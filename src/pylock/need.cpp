#include <envlock/pylock/need.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace envlock::pylock {
namespace {

// What a marker makes of something that is needed otherwise; each marker is evaluated once.
class Conditions {
public:
    Conditions(const ProjectLock& lock, const MarkerEnvironment& environment) : m_plain(environment), m_open(environment) {
        m_plain.variables["extra"] = "";
        m_plain.extras.emplace();
        m_plain.dependency_groups.emplace(lock.default_groups.begin(), lock.default_groups.end());
        // The same place, and no word about which extras and groups were asked for.
        m_open.variables.erase("extra");
        m_open.extras.reset();
        m_open.dependency_groups.reset();
    }

    Need of(const std::string& marker) {
        const auto [at, fresh] = m_known.try_emplace(marker, Need::unknown);
        if (fresh) at->second = evaluate(marker);
        return at->second;
    }

private:
    Need evaluate(const std::string& marker) const {
        const auto plain = marker_holds(marker, m_plain);
        if (plain != Truth::no) return plain == Truth::yes ? Need::needed : Need::unknown;
        return marker_holds(marker, m_open) == Truth::no ? Need::not_here : Need::optional;
    }

    MarkerEnvironment m_plain, m_open;
    std::map<std::string, Need> m_known;
};

Need wanted(const LockedPackage& package) {
    switch (package.wanted) {
        case Wanted::always: return Need::needed;
        case Wanted::optional: return Need::optional;
        case Wanted::unsaid: return Need::unknown;
    }
    return Need::unknown;
}

// Along the edges from the roots; a package gets the best that any way to it offers. A node is a
// package, or one extra of it. There are four levels, so each node is visited at most three times.
class Walk {
public:
    Walk(const ProjectLock& lock, Conditions& conditions)
        : m_lock(lock), m_conditions(conditions), m_edges(lock.packages.size()), m_needs(lock.packages.size(), Need::not_here) {
        for (std::size_t i = 0; i < lock.packages.size(); ++i) {
            const auto& package = lock.packages[i];
            m_by_name[package.name].push_back(i);
            m_most.push_back(std::min(wanted(package), conditions.of(package.marker)));
            for (const auto& edge : package.edges) m_edges[i][edge.extra].push_back(&edge);
        }
    }

    std::vector<Need> run() {
        for (const auto root : m_lock.roots) {
            raise(root, "", Need::needed);
            for (const auto& each : m_edges[root]) {
                if (!each.first.empty()) raise(root, each.first, Need::optional);
            }
        }
        while (!m_open.empty()) {
            const auto [index, extra] = std::move(m_open.back());
            m_open.pop_back();
            follow(index, extra);
        }
        return std::move(m_needs);
    }

private:
    Need& level(std::size_t index, const std::string& extra) { return extra.empty() ? m_needs[index] : m_extras[{index, extra}]; }

    void raise(std::size_t index, const std::string& extra, Need need) {
        need = std::min(need, m_most[index]);
        auto& now = level(index, extra);
        if (need <= now) return;
        now = need;
        m_open.emplace_back(index, extra);
    }

    void follow(std::size_t index, const std::string& extra) {
        const auto here = level(index, extra);
        const auto edges = m_edges[index].find(extra);
        if (edges == m_edges[index].end()) return;
        for (const auto* edge : edges->second) {
            const auto need = std::min({here, m_conditions.of(edge->marker), edge->optional ? Need::optional : Need::needed});
            const auto targets = m_by_name.find(edge->name);
            if (need == Need::not_here || targets == m_by_name.end()) continue;
            for (const auto target : targets->second) {
                if (!edge->version.empty() && edge->version != m_lock.packages[target].version) continue;
                raise(target, "", need);
                for (const auto& wanted_extra : edge->extras) raise(target, wanted_extra, need);
            }
        }
    }

    const ProjectLock& m_lock;
    Conditions& m_conditions;
    std::map<std::string, std::vector<std::size_t>, std::less<>> m_by_name;
    std::vector<std::map<std::string, std::vector<const LockedEdge*>>> m_edges;  // by package and extra
    std::vector<Need> m_most;  // what a package can be at best, by its own word
    std::vector<Need> m_needs;
    std::map<std::pair<std::size_t, std::string>, Need> m_extras;
    std::vector<std::pair<std::size_t, std::string>> m_open;
};

}  // namespace

std::vector<Need> find_needs(const ProjectLock& lock, const MarkerEnvironment& environment) {
    Conditions conditions(lock, environment);
    if (lock.walk) return Walk(lock, conditions).run();
    std::vector<Need> out;
    out.reserve(lock.packages.size());
    for (const auto& package : lock.packages) out.push_back(std::min(wanted(package), conditions.of(package.marker)));
    return out;
}

}  // namespace envlock::pylock
