#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace envlock {

// What the members of a ZIP archive need: raw deflate (RFC 1951) and CRC-32 (ISO 3309).
class Inflater {
public:
    virtual ~Inflater() = default;
    // Exactly `unpacked_size` bytes from exactly all of `packed`; anything else is zip_malformed.
    virtual Result<std::string> inflate(std::string_view packed, std::size_t unpacked_size) const = 0;
    virtual std::uint32_t crc32(std::string_view bytes) const = 0;
};

}  // namespace envlock
