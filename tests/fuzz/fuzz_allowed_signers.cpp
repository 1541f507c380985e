#include <envlock/sign/allowed_signers.hpp>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)envlock::sign::parse_allowed_signers({reinterpret_cast<const char*>(data), size}, "fuzz");
    return 0;
}
