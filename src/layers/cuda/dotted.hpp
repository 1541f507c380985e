#pragma once

#include <envlock/model/component.hpp>

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::cuda {

// "550.144.03" as its parts. Digits and dots only, one to six parts of at most nine digits; the
// text is kept because NVIDIA writes "03" and people search for that.
struct Dotted {
    std::string text;
    std::vector<std::int64_t> parts;
    // As integers part by part: 580.159.04 is newer than 580.65.06.
    std::weak_ordering operator<=>(const Dotted& other) const { return parts <=> other.parts; }
    bool operator==(const Dotted& other) const { return parts == other.parts; }
};
std::optional<Dotted> parse_dotted(std::string_view text);

// The version at the start of `text`, white space skipped, when at least one dot is in it.
std::optional<Dotted> leading_version(std::string_view text);

// {"major", "550"}, {"minor", "144"}, {"patch", "3"}, {"build", …}: at most four levels.
std::vector<PathLevel> dotted_path(const Dotted& version);

}  // namespace envlock::cuda
