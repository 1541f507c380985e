#include "host/net/zlib_inflater.hpp"

#include <envlock/index/wheel_tail.hpp>

#include <cstddef>
#include <cstdint>

// The input is a whole file; its first byte says how much of the end is asked for first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto inflater = envlock::host::make_inflater();
    if (size < 2) return 0;
    const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
    envlock::index::WheelTail tail(file.size(), *inflater);
    std::optional<envlock::index::ByteRange> range = tail.first(std::uint64_t{data[0]} * 16);
    for (int i = 0; range; ++i) {
        if (i >= 3 || range->first > range->last || range->last >= file.size()) __builtin_trap();
        auto next = tail.take(*range, std::string(file.substr(range->first, range->length())));
        if (!next) return 0;
        range = *next;
    }
    return 0;
}
