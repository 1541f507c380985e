#pragma once

#include "layers/python/distribution.hpp"

#include <envlock/index/record_match.hpp>

namespace envlock::python {

// The distribution's RECORD, read again from the disk, in the form that is compared with a
// published one. Empty rows when it cannot be read any more.
index::InstalledRecord read_installed_record(const ProbeContext& context, const Distribution& distribution);

// How much of the published wheel's end to ask for first; from the rows, while they are still there.
std::uint64_t guess_tail_of(Distribution& distribution);

}  // namespace envlock::python
