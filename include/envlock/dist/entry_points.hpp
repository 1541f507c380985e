#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace envlock {

// Names of the scripts an installer generates for entry_points.txt ([console_scripts] and
// [gui_scripts]), sorted and unique. Lines that are no entry point are skipped.
std::vector<std::string> parse_script_names(std::string_view text);

}  // namespace envlock
