#pragma once

#include "layers/python/distribution.hpp"

namespace envlock::python {

// Compares every hashed RECORD row of every distribution with the disk, all in one batch, and
// fills component.files and digests["record"]. What does not fit becomes notes, at most 50 for one distribution.
// At Level::metadata no file is opened: rows are counted by what they say alone.
void check_files(const ProbeContext& context, std::vector<Distribution>& distributions, std::vector<Note>& notes);

}  // namespace envlock::python
