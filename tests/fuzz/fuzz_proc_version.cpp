#include "layers/cuda/proc_version.hpp"

#include <cstdint>

// A version that was read has at least two numbers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = envlock::cuda::parse_proc_version({reinterpret_cast<const char*>(data), size});
    if (parsed && parsed->version.parts.size() < 2) __builtin_trap();
    return 0;
}
