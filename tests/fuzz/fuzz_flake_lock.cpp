#include "layers/nix/flake_lock.hpp"

#include <cstdint>
#include <cstdlib>

// Whatever the bytes, reading ends; paths come out sorted, and a digest only with a narHash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lock = nix::parse_flake_lock(text, "fuzz");
    if (!lock) return 0;
    for (std::size_t i = 0; i < lock->inputs.size(); ++i) {
        const auto& input = lock->inputs[i];
        if (i > 0 && input.path < lock->inputs[i - 1].path) std::abort();
        if (!input.nar_digest.empty() && input.nar_digest.size() != 71) std::abort();
    }
    return 0;
}
