#pragma once

#include <array>
#include <string_view>

namespace envlock::codec {

// The members of a component that have a meaning of their own; every other one is a fact.
constexpr std::array<std::string_view, 9> k_component_members{"artifact", "digest", "digests", "evidence", "files", "key", "kind", "path", "version"};
constexpr std::string_view k_unknown_member = "unknown";

}  // namespace envlock::codec
