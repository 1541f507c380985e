#include <envlock/dist/wheel_file.hpp>

#include <envlock/base/text.hpp>
#include <envlock/dist/metadata.hpp>
#include <envlock/version/wheel.hpp>

#include <algorithm>

namespace envlock {

Result<WheelFile> parse_wheel_file(std::string_view text, std::string_view subject) {
    constexpr std::size_t k_most_tags = 2'000;
    WheelFile out;
    for (auto& [name, value] : parse_headers(text)) {
        if (name == "wheel-version" && out.wheel_version.empty()) out.wheel_version = std::move(value);
        else if (name == "generator" && out.generator.empty()) out.generator = std::move(value);
        else if (name == "build" && out.build.empty()) out.build = std::move(value);
        else if (name == "root-is-purelib") out.root_is_purelib = iequals_ascii(value, "true");
        else if (name == "tag" && out.tags.size() < k_most_tags) {
            for (auto& tag : expand_tags(ascii_lower(value))) out.tags.push_back(std::move(tag));
        }
    }
    std::ranges::sort(out.tags);
    out.tags.erase(std::unique(out.tags.begin(), out.tags.end()), out.tags.end());
    if (out.wheel_version.empty() && out.tags.empty()) return fail(ErrorCode::metadata_malformed, std::string(subject), "neither Wheel-Version nor Tag");
    const auto major = std::string_view(out.wheel_version).substr(0, out.wheel_version.find('.'));
    if (!major.empty() && major != "1" && major != "0") return fail(ErrorCode::unsupported, std::string(subject), "Wheel-Version " + out.wheel_version);
    return out;
}

}  // namespace envlock
