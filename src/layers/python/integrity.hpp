#pragma once

#include "layers/python/distribution.hpp"

#include <span>

namespace envlock::python {

// Rows that are worth one batch: enough for all cores, and few enough that memory does not grow
// with the size of the environment.
inline constexpr std::size_t k_rows_at_once = 8192;

// Compares every hashed RECORD row of these distributions with the disk, in one batch, and
// fills component.files and digests["record"]. What does not fit becomes notes, at most 50 for one distribution.
// At Level::metadata no file is opened: rows are counted by what they say alone. Afterwards only
// the rows of startup files are kept (is_startup_file).
void check_files(const ProbeContext& context, std::span<Distribution> distributions, std::vector<Note>& notes);

}  // namespace envlock::python
