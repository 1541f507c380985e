#pragma once

#include <envlock/model/drift.hpp>

namespace envlock {

// One self-contained file that asks for nothing from anywhere, reads well without CSS and has no
// script. The same report gives the same bytes.
std::string render_html(const Report& report);

}  // namespace envlock
