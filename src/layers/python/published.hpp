#pragma once

#include "layers/python/distribution.hpp"

namespace envlock::python {

// Asks the configured indexes which published file each distribution from an index is, and what
// became of it there. What cannot be looked up is Evidence::unverified, with one note a cause.
void look_up_published(const ProbeContext& context, const std::string& venv, std::vector<Distribution>& distributions, std::vector<Note>& notes);

}  // namespace envlock::python
