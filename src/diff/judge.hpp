#pragma once

#include <envlock/diff/compare.hpp>

namespace envlock::diff_detail {

// Marks what the policy's ignores hide, and warns of entries that are expired, expire within
// two weeks, or matched nothing.
void suppress(Report& report, const Policy& policy, std::string_view today);

// Sets exit and gate. `blind`: something needed could not be observed.
void judge(Report& report, const Policy& policy, bool blind);

}  // namespace envlock::diff_detail
