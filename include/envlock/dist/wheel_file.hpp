#pragma once

#include <envlock/base/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace envlock {

// The WHEEL file of a .dist-info folder.
struct WheelFile {
    std::string wheel_version;
    std::string generator;
    std::string build;
    bool root_is_purelib = true;
    std::vector<std::string> tags;  // compressed tags expanded; lower case, sorted, unique
};

// Error metadata_malformed when it has neither Wheel-Version nor Tag, or a major version above 1.
Result<WheelFile> parse_wheel_file(std::string_view text, std::string_view subject);

}  // namespace envlock
