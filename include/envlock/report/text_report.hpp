#pragma once

#include <envlock/model/drift.hpp>

namespace envlock {

struct TextStyle {
    bool color = false;
    int width = 0;         // columns; 0: no limit
    bool verbose = false;  // every finding, details, chains
    bool summary = false;  // the verdict line only
};

// For a terminal: the most important last, the verdict line at the very end. Nothing is said by
// colour alone, and foreign text cannot move the cursor.
std::string render_text(const Report& report, const TextStyle& style);

}  // namespace envlock
