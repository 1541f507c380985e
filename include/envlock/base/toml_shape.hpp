#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace envlock {

// Looks at a TOML text before a parser does. A parser recurses on nested brackets and makes a
// table for each part of a dotted key, and frees them recursively too: a key of 100,000 parts
// would exhaust the stack. Returns "line 3: …" when a key has more than 32 parts or brackets nest
// deeper than 32, counted outside of strings and comments; nullopt when the shape is harmless.
// Says nothing about whether the text is TOML.
std::optional<std::string> toml_trouble(std::string_view text);

}  // namespace envlock
