#pragma once

#include <envlock/model/drift.hpp>

namespace envlock {

// SARIF 2.1.0 within the limits of code-scanning services: every result has a place in a file,
// a fingerprint without versions, and no empty text.
std::string render_sarif(const Report& report);

}  // namespace envlock
