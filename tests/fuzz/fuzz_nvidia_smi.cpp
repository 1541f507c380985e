#include "layers/cuda/smi.hpp"

#include <cstdint>

// Whatever a program of that name writes, reading ends and lists stay small.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (envlock::cuda::parse_smi_text(text).gpus.size() > 1'024) __builtin_trap();
    if (envlock::cuda::parse_smi_csv(text).gpus.size() > 1'024) __builtin_trap();
    return 0;
}
