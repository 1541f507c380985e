#pragma once

#include "layers/python/distribution.hpp"

#include <envlock/pylock/lock.hpp>

#include <optional>
#include <string>

namespace envlock::python {

// Why an installed distribution is not this locked package, by version and source, with both
// values; nullopt when it is. Files are another question.
std::optional<std::string> disagreement(const Distribution& distribution, const pylock::LockedPackage& package);

// "1.26.4", "commit 0123abc", "a folder of the project".
std::string locked_as(const pylock::LockedPackage& package);

}  // namespace envlock::python
