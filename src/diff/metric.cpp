#include <envlock/diff/metric.hpp>

#include <algorithm>
#include <array>

namespace envlock {
namespace {

struct Lambda {
    std::string_view kind, level;  // kind "*": every kind that has no row of its own for the level
    std::int64_t value;
};

// Looked up from the top, first match. Most significant first within a kind.
constexpr std::array<Lambda, 26> k_lambdas{{
    {"interpreter", "major", 1'000'000}, {"interpreter", "minor", 1'000'000}, {"interpreter", "micro", 250'000},
    {"interpreter", "build", 150'000}, {"interpreter", "abi", 100'000},
    {"*", "absent", 1'000'000}, {"*", "epoch", 1'000'000}, {"*", "major", 800'000}, {"*", "minor", 500'000},
    {"*", "micro", 250'000}, {"*", "patch", 250'000}, {"*", "pre", 150'000}, {"*", "build", 150'000},
    {"*", "local", 100'000}, {"*", "abi", 100'000}, {"*", "source", 100'000}, {"*", "artifact", 100'000},
    {"*", "content", 100'000},
    {"*", "type", 1'000'000}, {"*", "repo", 1'000'000}, {"*", "ref", 600'000}, {"*", "rev", 300'000},
    {"*", "branch", 800'000}, {"*", "os", 1'000'000}, {"*", "arch", 1'000'000},
    {"*", "value", 500'000},
}};
constexpr std::int64_t k_unnamed_level = 500'000;
constexpr std::int64_t k_content = 100'000;
constexpr std::int64_t k_heaviest = 10'000 * k_micro;  // keeps every sum far from overflow

bool is_certain(const Component& c) {
    return c.artifact && !c.artifact->sha256.empty() &&
           (c.evidence == Evidence::recorded || c.evidence == Evidence::proved || c.evidence == Evidence::consistent);
}

Distance path_distance(const Component& a, const Component& b) {
    // λ is capped by the levels above it, so that a path whose levels stand in an odd order
    // (a hand-written manifest) cannot break the ultrametric.
    std::int64_t cap = k_micro;
    for (std::size_t i = 0; i < std::max(a.path.size(), b.path.size()); ++i) {
        const auto* x = i < a.path.size() ? &a.path[i] : nullptr;
        const auto* y = i < b.path.size() ? &b.path[i] : nullptr;
        if (x && y && *x == *y) {
            cap = std::min(cap, level_distance(a.kind, x->level));
            continue;
        }
        // Grammars that part here (1.2 against an opaque text): the larger λ of the two, which
        // keeps siblings in the tree an ultrametric.
        const auto of = [&](const PathLevel* p) { return p ? level_distance(a.kind, p->level) : 0; };
        const auto* named = !y || (x && (of(x) > of(y) || (of(x) == of(y) && x->level <= y->level))) ? x : y;
        return {std::min(cap, std::max(of(x), of(y))), named->level};
    }
    return {};
}

bool content_differs(const Component& a, const Component& b) {
    bool compared = false;
    for (const auto& [name, digest] : a.digests) {
        const auto other = b.digests.find(name);
        if (other == b.digests.end() || digest.empty() || other->second.empty()) continue;
        if (other->second != digest) return true;
        compared = true;
    }
    if (a.files && b.files && !a.files->digest.empty() && !b.files->digest.empty()) {
        if (a.files->digest != b.files->digest) return true;
        compared = true;
    }
    return !compared && is_certain(a) && is_certain(b) && a.artifact->sha256 != b.artifact->sha256;
}

struct KeyWeight {
    std::string_view layer, kind, pattern;  // "*" as in matches_glob
    std::int64_t value;
};

// First match wins. The layer names stand here and in the rule table, nowhere else in the room.
constexpr std::array<KeyWeight, 26> k_weights{{
    {"nix", "*", "nixpkgs", 5'000'000}, {"nix", "*input", "*/*", 500'000}, {"nix", "*input", "*", 2'000'000}, {"nix", "*", "*", 500'000},
    {"python", "interpreter", "*", 5'000'000},
    {"python", "distribution", "pip", 100'000}, {"python", "distribution", "setuptools", 100'000},
    {"python", "distribution", "wheel", 100'000}, {"python", "distribution", "uv", 100'000},
    {"python", "distribution", "distribute", 100'000}, {"python", "distribution", "*", 1'000'000},
    {"python", "startup", "*", 1'000'000}, {"python", "*", "*", 500'000},
    {"native", "*", "*", 500'000},
    {"cuda", "*", "driver*", 4'000'000}, {"cuda", "*", "kernel-module", 4'000'000}, {"cuda", "*", "toolkit*", 4'000'000},
    {"cuda", "*", "cudnn*", 3'000'000}, {"cuda", "*", "nccl*", 3'000'000}, {"cuda", "*", "*", 1'000'000},
    {"platform", "*", "os", 3'000'000}, {"platform", "*", "arch*", 3'000'000},
    {"platform", "*", "libc", 3'000'000}, {"platform", "*", "distribution", 1'000'000}, {"platform", "*", "*", 500'000},
    {"*", "*", "*", 1'000'000},
}};

std::optional<std::int64_t> policy_weight(std::string_view layer, std::string_view key, const Policy& policy) {
    const auto name = std::string(layer) + ":" + std::string(key);
    if (const auto exact = policy.weights.find(name); exact != policy.weights.end()) return exact->second;
    const std::pair<const std::string, std::int64_t>* best = nullptr;
    for (const auto& row : policy.weights) {
        if (matches_glob(row.first, name) && (!best || row.first.size() > best->first.size())) best = &row;
    }
    if (best) return best->second;
    return std::nullopt;
}

// 2^62 is 1.0 below.
__extension__ using Wide = unsigned __int128;
constexpr std::uint64_t k_one = std::uint64_t{1} << 62U;
constexpr std::uint64_t k_tau = 20 * static_cast<std::uint64_t>(k_micro);

// e^(−f/τ) for 0 ≤ f ≤ τ, by its series: exact enough after 24 terms, and the same everywhere.
std::uint64_t falling(std::uint64_t f) {
    std::uint64_t term = k_one, sum = k_one;
    for (std::uint64_t k = 1; k <= 24; ++k) {
        term = static_cast<std::uint64_t>(static_cast<Wide>(term) * f / (static_cast<Wide>(k_tau) * k));
        sum = k % 2 == 1 ? sum - term : sum + term;
    }
    return sum;
}

}  // namespace

std::int64_t level_distance(std::string_view kind, std::string_view level) {
    for (const auto& row : k_lambdas) {
        if (row.level == level && (row.kind == "*" || row.kind == kind)) return row.value;
    }
    return k_unnamed_level;
}

Distance distance(const Component* before, const Component* after) {
    if (!before && !after) return {};
    if (!before || !after) return {k_micro, "absent"};
    if (before->kind != after->kind) return {k_micro, "kind"};
    auto path = path_distance(*before, *after);
    if (path.delta != 0) return path;
    if (content_differs(*before, *after)) return {k_content, "content"};
    return {};
}

std::int64_t weight(std::string_view layer, std::string_view key, std::string_view kind, const Policy& policy) {
    const auto name = base_key(key);
    if (const auto own = policy_weight(layer, name, policy)) return std::clamp<std::int64_t>(*own, 0, k_heaviest);
    const auto is_critical = [&](const std::string& pattern) { return matches_glob(pattern, name); };
    if (kind == "distribution" && std::ranges::any_of(policy.critical, is_critical)) return 2 * k_micro;
    for (const auto& row : k_weights) {
        if (matches_glob(row.layer, layer) && matches_glob(row.kind, kind) && matches_glob(row.pattern, name)) return row.value;
    }
    return k_micro;
}

std::int64_t weigh(std::int64_t w, std::int64_t delta) {
    return (std::clamp<std::int64_t>(w, 0, k_heaviest) * std::clamp<std::int64_t>(delta, 0, k_micro) + k_micro - 1) / k_micro;
}

std::int64_t contribution(std::string_view layer, const Component* before, const Component* after, const Policy& policy) {
    const auto w = [&](const Component& c) { return weight(layer, c.key, c.kind, policy); };
    if (before && after && before->kind != after->kind) return w(*before) + w(*after);
    const auto delta = distance(before, after).delta;
    return delta == 0 ? 0 : weigh(w(before ? *before : *after), delta);
}

std::int64_t total_distance(const std::vector<LayerSnapshot>& before, const std::vector<LayerSnapshot>& after, const Policy& policy) {
    const auto layer_of = [](const std::vector<LayerSnapshot>& layers, const std::string& id) -> const LayerSnapshot* {
        const auto found = std::ranges::find(layers, id, &LayerSnapshot::layer);
        return found == layers.end() ? nullptr : &*found;
    };
    std::int64_t sum = 0;
    for (const auto& layer : before) {
        const auto* other = layer_of(after, layer.layer);
        for (const auto& c : layer.components) sum += contribution(layer.layer, &c, other ? other->find(c.key) : nullptr, policy);
    }
    for (const auto& layer : after) {
        const auto* other = layer_of(before, layer.layer);
        for (const auto& c : layer.components) {
            if (!other || !other->find(c.key)) sum += contribution(layer.layer, nullptr, &c, policy);
        }
    }
    return sum;
}

std::int64_t score(std::int64_t points) {
    if (points <= 0) return 0;
    const auto whole = static_cast<std::uint64_t>(points) / k_tau;
    if (whole >= 40) return 9999;
    auto left = falling(static_cast<std::uint64_t>(points) % k_tau);
    for (std::uint64_t i = 0; i < whole; ++i) left = static_cast<std::uint64_t>((static_cast<Wide>(left) * falling(k_tau)) >> 62U);
    const auto hundredths = (static_cast<Wide>(k_one - left) * 10'000 + k_one - 1) >> 62U;
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(hundredths), 1, 9999);
}

bool matches_glob(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, retry = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string_view base_key(std::string_view key) {
    const auto hash = key.rfind('#');
    if (hash == std::string_view::npos || hash == 0 || hash + 1 == key.size()) return key;
    const auto digits = key.substr(hash + 1);
    return digits.find_first_not_of("0123456789") == std::string_view::npos ? key.substr(0, hash) : key;
}

}  // namespace envlock
