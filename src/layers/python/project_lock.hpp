#pragma once

#include "layers/python/distribution.hpp"

namespace envlock::python {

// Compares what is installed in the environment itself (not what shines through from the base) with
// every Python lock of the project: notes of PY040 to PY045, one plain note a lock that counts, and
// the facts `lock` ("uv.lock: same") and `lockNarrows` (the one candidate of an ambiguous match that
// the lock names). Changes neither evidence nor artifact.
void compare_with_locks(const ProbeContext& context, const Playground& playground, std::vector<Distribution>& distributions, std::vector<Note>& notes);

}  // namespace envlock::python
