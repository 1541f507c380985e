#pragma once

#include <envlock/base/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace envlock {

// The header block of METADATA, PKG-INFO or WHEEL, up to the first empty line: names lower case,
// folded lines joined with one space, bytes that are not UTF-8 read as Latin-1. A line that is
// no header is skipped. Capped in number and length.
std::vector<std::pair<std::string, std::string>> parse_headers(std::string_view text);

// What is needed of a distribution's core metadata. The description is never read.
struct Metadata {
    std::string metadata_version;
    std::string name;
    std::string version;
    std::vector<std::string> requires_dist;  // verbatim
    bool duplicate = false;  // Name or Version occurs twice: the first one counts
};

// Error metadata_malformed when there is no usable Name; a missing Version stays "".
Result<Metadata> parse_metadata(std::string_view text, std::string_view subject);

// The normalized name a requirement starts with ("Foo[bar] (>=1) ; x" → "foo"), or "" when it has none.
std::string required_name(std::string_view requirement);
// True when the requirement's marker mentions `extra`: wanted only with an extra.
bool is_extra_requirement(std::string_view requirement);

}  // namespace envlock
