#include "layers/cuda/dotted.hpp"

#include <envlock/base/text.hpp>

namespace envlock::cuda {

std::optional<Dotted> parse_dotted(std::string_view text) {
    Dotted out{std::string(text), {}};
    for (const auto part : split(text, '.')) {
        if (part.empty() || part.size() > 9 || out.parts.size() == 6) return std::nullopt;
        std::int64_t value = 0;
        for (const char c : part) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        out.parts.push_back(value);
    }
    return out;
}

std::optional<Dotted> leading_version(std::string_view text) {
    const auto start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return std::nullopt;
    text.remove_prefix(start);
    auto token = text.substr(0, text.find_first_not_of("0123456789."));
    const bool ends_well = token.size() == text.size() || std::string_view(" \t\r\n|[<,)").find(text[token.size()]) != std::string_view::npos;
    if (!ends_well || token.find('.') == std::string_view::npos) return std::nullopt;
    return parse_dotted(token);
}

std::vector<PathLevel> dotted_path(const Dotted& version) {
    static constexpr const char* k_names[] = {"major", "minor", "patch", "build"};
    std::vector<PathLevel> out;
    for (std::size_t i = 0; i < version.parts.size() && i < 4; ++i) out.push_back({k_names[i], std::to_string(version.parts[i])});
    return out;
}

}  // namespace envlock::cuda
