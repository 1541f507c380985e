#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace envlock {

// Paths are bytes, '/'-separated. Nothing here touches the disk.

// `path` joined to `base` and resolved lexically ("." and ".." and "//" removed). An absolute
// `path` replaces the base. Never climbs above "/" .
std::string resolve_lexically(std::string_view base, std::string_view path);

// The part of `path` below `dir` ("" when equal), or nullopt when it is not inside. Both lexical.
std::optional<std::string> below(std::string_view dir, std::string_view path);

std::string_view file_name(std::string_view path);
std::string_view parent_path(std::string_view path);  // "" for a bare name, "/" for "/x"
std::string join(std::string_view a, std::string_view b);

}  // namespace envlock
