#include <envlock/elf/ld_cache.hpp>

// Whatever the bytes, what was read can be found again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock::elf;
    const auto cache = LdCache::parse({reinterpret_cast<const char*>(data), size}, "cache");
    if (!cache) return 0;
    for (const auto& entry : cache->entries()) {
        if (cache->find(entry.soname).empty()) __builtin_trap();
    }
    return 0;
}
