#include <envlock/codec/policy_codec.hpp>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)envlock::parse_policy({reinterpret_cast<const char*>(data), size}, "fuzz");
    return 0;
}
