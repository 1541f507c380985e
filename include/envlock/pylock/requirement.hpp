#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::pylock {

// One dependency specifier (PEP 508): "Foo[bar] >=1,<2 ; os_name == 'posix'", "foo @ https://…".
struct Requirement {
    std::string name;                 // normalised
    std::vector<std::string> extras;  // normalised
    std::string specifier;            // as written, without brackets
    std::string url;                  // not redacted; "" for none
    std::string marker;               // as written
};

// nullopt when there is no name, or something stands behind it that is none of the above.
std::optional<Requirement> parse_requirement(std::string_view text);

// The version of a pin ("==1.0", "=== 1.0"), or "" for anything else.
std::string pinned_version(std::string_view specifier);

}  // namespace envlock::pylock
