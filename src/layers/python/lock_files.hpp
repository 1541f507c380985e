#pragma once

#include <envlock/layer/layer.hpp>
#include <envlock/pylock/lock.hpp>

namespace envlock::python {

// Every Python lock that lies in the project's root, in the order of names. A requirements file
// that pins nothing is none. What cannot be read becomes a note of PY044, what was skipped inside
// of a lock a plain one. A link that leads out of the project is not followed.
std::vector<pylock::ProjectLock> read_project_locks(const ProbeContext& context, std::vector<Note>& notes);

}  // namespace envlock::python
