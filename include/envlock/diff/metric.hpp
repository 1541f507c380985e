#pragma once

#include <envlock/model/policy.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace envlock {

// The metric "ed1": D = Σ w·δ over every item (layer, kind, key), S = 100·(1 − e^(−D/20)).
// Integers only: micro-units for δ, micro-points for w and D, hundredths for S, so that the
// same two manifests and policy give the same bytes on every machine and for ever.
inline constexpr std::int64_t k_micro = 1'000'000;

// λ, in micro-units, of a path level of `kind`: how far apart two versions are whose first
// difference is there. Not increasing with depth, or the triangle inequality would fail. A name
// that is not in the table counts like an opaque value.
std::int64_t level_distance(std::string_view kind, std::string_view level);

struct Distance {
    std::int64_t delta = 0;  // micro-units, 0 … 1'000'000
    std::string level;       // "" when equal; "absent", a path level, or "content"
    bool operator==(const Distance&) const = default;
};

// δ of one item: nullptr is "absent". First the path; when it is equal, every digest that both
// sides recorded under the same name; and where there is none, the published file if both sides
// know it for certain. A digest that only one side has says nothing and is passed over, so the
// result is a lower bound between records taken with a different thoroughness; between records
// of the same thoroughness it is an ultrametric.
Distance distance(const Component* before, const Component* after);

// w, in micro-points, of an item: a function of what the item is and of the policy, never of
// its value on either side, or the triangle inequality would fail. Policy weights are
// "layer:key" with * and ?; an exact key beats a pattern, a longer pattern a shorter one.
std::int64_t weight(std::string_view layer, std::string_view key, std::string_view kind, const Policy& policy);

// w·δ, rounded up, so that a difference never costs nothing unless its weight is 0.
std::int64_t weigh(std::int64_t w, std::int64_t delta);

// The points of one item. A change of kind is one item less and another one more.
std::int64_t contribution(std::string_view layer, const Component* before, const Component* after, const Policy& policy);

// D over two lists of layers, as compare() would sum it; a layer missing on one side is empty.
std::int64_t total_distance(const std::vector<LayerSnapshot>& before, const std::vector<LayerSnapshot>& after, const Policy& policy);

// S in hundredths, 0 … 9999. Rounded up: nothing that moved shows as 0.00, and the shown number
// keeps the triangle inequality (rounding to nearest would not). Fixed-point, no libm.
std::int64_t score(std::int64_t points);

// * any run of characters, ? any one; everything else itself. Linear in practice, never recursive.
bool matches_glob(std::string_view pattern, std::string_view text);

// The key without the "#2" that freeze() gives to a second component of the same name.
std::string_view base_key(std::string_view key);

}  // namespace envlock
