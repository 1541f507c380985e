#pragma once

#include <envlock/base/text.hpp>

namespace envlock::index {

// Foreign text of at most `most` bytes; a cut is made between characters and shows as "…".
inline std::string capped(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    auto end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string(text.substr(0, end)) + "…";
}

// The same for the inside of a message.
inline std::string shown(std::string_view text) { return escape_controls(capped(text, 120)); }

}  // namespace envlock::index
