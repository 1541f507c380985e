#pragma once

#include <envlock/ports/inflater.hpp>

namespace envlock::test {

class NoInflater final : public Inflater {
public:
    Result<std::string> inflate(std::string_view, std::size_t) const override { return fail(ErrorCode::unsupported, "inflate"); }
    std::uint32_t crc32(std::string_view) const override { return 0; }
};

}  // namespace envlock::test
