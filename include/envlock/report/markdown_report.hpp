#pragma once

#include <envlock/model/drift.hpp>

namespace envlock {

// A pull-request comment: hidden marker, verdict, layers, the first findings, the rest folded.
// Never longer than max_chars bytes; cut by whole rows, with a line that says how many are missing.
std::string render_markdown(const Report& report, std::size_t max_chars);

}  // namespace envlock
