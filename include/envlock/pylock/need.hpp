#pragma once

#include <envlock/pylock/lock.hpp>
#include <envlock/pylock/marker.hpp>

namespace envlock::pylock {

// For each package of the lock, in its order, what an install without extras and groups of
// development dependencies takes in this environment: `optional` when only an extra or a group
// brings it, `not_here` when its markers rule it out, `unknown` when that cannot be said.
std::vector<Need> find_needs(const ProjectLock& lock, const MarkerEnvironment& environment);

}  // namespace envlock::pylock
