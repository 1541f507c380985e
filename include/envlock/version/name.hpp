#pragma once

#include <string>
#include <string_view>

namespace envlock {

// PEP 503: lower case, each run of '-', '_' and '.' becomes one '-'. Total: text that is no
// project name (see is_valid_name) is folded the same way and stays as harmless as it was.
std::string normalize_name(std::string_view name);

// PEP 508: ASCII letters, digits, '-', '_', '.'; first and last a letter or digit.
bool is_valid_name(std::string_view name);

}  // namespace envlock
