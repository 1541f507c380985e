#pragma once

#include "cli/world.hpp"

#include <envlock/model/drift.hpp>

namespace envlock::cli {

// The formats of -o FORMAT=FILE.
inline constexpr const char* k_formats[] = {"text", "json", "md", "html", "sarif"};

struct OutputRequest {
    std::vector<std::string> targets;  // "json=report.json", "html=-"
    bool as_json = false;              // --json: JSON on standard output
    bool summary = false;              // the verdict line only
};

// Shows `report` on standard output and in every file asked for; all formats from one computation.
Result<void> show_report(const Report& report, const OutputRequest& request, const World& world, Terminal& terminal);

// "html=r.html" is well-formed: a known format and a file.
std::string check_target(const std::string& target);

}  // namespace envlock::cli
