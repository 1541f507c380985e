#pragma once

#include <envlock/layer/layer.hpp>

#include <string_view>

namespace envlock::cli {

inline constexpr const char* k_level_names[] = {"metadata", "cached", "full"};

inline Level level_from(std::string_view name) {
    if (name == "metadata") return Level::metadata;
    return name == "full" ? Level::full : Level::cached;
}

}  // namespace envlock::cli
