#include <envlock/dist/direct_url.hpp>

#include <cstdint>
#include <cstdlib>

// Parsing ends, and every hash that is kept is well-formed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto direct = parse_direct_url(text, "fuzz");
    if (!direct) return 0;
    for (const auto& [algorithm, hex] : direct->hashes) {
        if (algorithm.empty() || hex.size() < 32 || hex.size() % 2 != 0) std::abort();
    }
    return 0;
}
