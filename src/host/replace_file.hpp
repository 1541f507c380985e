#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace envlock::host {

enum class Durability : std::uint8_t {
    synced,  // on the disk before the name changes
    atomic,  // whole for every reader; after a power cut possibly empty, for files with a checksum of their own
};

Result<void> replace_file(const std::string& path, std::string_view bytes, unsigned mode, Durability durability);

// Makes `dir` and its parents, the ones that are new with mode 0700.
bool make_private_folders(const std::string& dir);

}  // namespace envlock::host
