#include <envlock/version/name.hpp>

#include <envlock/base/text.hpp>

#include "version/characters.hpp"

#include <algorithm>

namespace envlock {

std::string normalize_name(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    for (const char c : name) {
        if (!is_separator(c)) out += c;
        else if (out.empty() || out.back() != '-') out += '-';
    }
    return ascii_lower(out);
}

bool is_valid_name(std::string_view name) {
    if (name.empty() || !is_alnum(name.front()) || !is_alnum(name.back())) return false;
    return std::ranges::all_of(name, [](char c) { return is_alnum(c) || is_separator(c); });
}

}  // namespace envlock
