#include <envlock/version/wheel.hpp>

#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/pep440.hpp>

#include "version/characters.hpp"

#include <algorithm>
#include <array>

namespace envlock {
namespace {

constexpr std::size_t k_longest = 1024;  // file systems stop at 255; the rest is room, not need
constexpr std::size_t k_most_tags = 1024;

bool is_tag_piece(std::string_view piece) {
    return !piece.empty() && std::ranges::all_of(piece, [](char c) { return is_alnum(c) || c == '_'; });
}

bool is_build(std::string_view build) {
    if (build.empty() || !is_digit(build.front())) return false;
    return std::ranges::all_of(build, [](char c) { return is_alnum(c) || c == '_' || c == '.'; });
}

// Names are escaped with '_', old ones also hold '.'; a double underscore was never written.
bool is_wheel_project(std::string_view name) {
    return is_valid_name(name) && name.find("__") == std::string_view::npos;
}

}  // namespace

std::vector<std::string> expand_tags(std::string_view compressed) {
    if (compressed.size() > k_longest) return {};
    const auto lower = ascii_lower(compressed);
    const auto parts = split(lower, '-');
    if (parts.size() != 3) return {};
    const auto pythons = split(parts[0], '.'), abis = split(parts[1], '.'), platforms = split(parts[2], '.');
    for (const auto* pieces : {&pythons, &abis, &platforms}) {
        if (!std::ranges::all_of(*pieces, is_tag_piece)) return {};
    }
    if (pythons.size() * abis.size() * platforms.size() > k_most_tags) return {};
    std::vector<std::string> out;
    for (const auto python : pythons) {
        for (const auto abi : abis) {
            for (const auto platform : platforms) out.push_back(std::string(python).append("-").append(abi).append("-").append(platform));
        }
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::optional<WheelName> parse_wheel_name(std::string_view filename) {
    if (filename.size() > k_longest || !filename.ends_with(".whl")) return std::nullopt;
    const auto parts = split(filename.substr(0, filename.size() - 4), '-');
    if (parts.size() != 5 && parts.size() != 6) return std::nullopt;
    WheelName out;
    if (!is_wheel_project(parts[0]) || !parse_pep440(parts[1]) || trim(parts[1]) != parts[1]) return std::nullopt;
    if (parts.size() == 6) {
        if (!is_build(parts[2])) return std::nullopt;
        out.build = parts[2];
    }
    const auto tags_at = static_cast<std::size_t>(parts[parts.size() - 3].data() - filename.data());
    out.tags = expand_tags(filename.substr(tags_at, filename.size() - 4 - tags_at));
    if (out.tags.empty()) return std::nullopt;
    out.name = normalize_name(parts[0]);
    out.version = parts[1];
    return out;
}

std::optional<std::string_view> sdist_stem(std::string_view filename) {
    constexpr std::array<std::string_view, 7> endings{".tar.gz", ".zip", ".tgz", ".tar.bz2", ".tar.xz", ".tar.Z", ".tar"};
    if (filename.size() > k_longest) return std::nullopt;
    for (const auto ending : endings) {
        if (filename.ends_with(ending) && filename.size() > ending.size()) return filename.substr(0, filename.size() - ending.size());
    }
    return std::nullopt;
}

std::optional<SdistName> parse_sdist_name(std::string_view filename, std::string_view project) {
    const auto stem = sdist_stem(filename);
    if (!stem) return std::nullopt;
    for (auto dash = stem->find('-'); dash != std::string_view::npos; dash = stem->find('-', dash + 1)) {
        const auto version = stem->substr(dash + 1);
        if (normalize_name(stem->substr(0, dash)) != project) continue;
        if (!parse_pep440(version) || trim(version) != version) continue;
        return SdistName{std::string(project), std::string(version)};
    }
    return std::nullopt;
}

}  // namespace envlock
