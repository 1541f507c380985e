#pragma once

#include <envlock/base/result.hpp>
#include <envlock/model/policy.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace envlock {

// What holds without an envlock.toml.
Policy default_policy();

// envlock.toml over the defaults. A key it does not know, a wrong type or an impossible value is
// config_malformed with the line, and the nearest known key where there is one: a gate that is
// silently ignored because of a typing error would be worse than none. `subject` names the file.
Result<Policy> parse_policy(std::string_view toml, std::string_view subject);

// A commented envlock.toml for a new project; parse_policy reads it. `direct` are the names of the
// project's direct requirements; an empty `signing_key` leaves [sign] commented out.
std::string policy_template(const std::vector<std::string>& direct, std::string_view project, std::string_view signing_key);

}  // namespace envlock
