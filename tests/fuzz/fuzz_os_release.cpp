#include "layers/platform/facts.hpp"

#include <cstdint>
#include <cstdlib>

// Whatever the bytes, reading ends: keys are names, and a version is digits and dots.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& [key, value] : platform::parse_os_release(text)) {
        if (key.empty() || key.size() + value.size() > size) std::abort();
    }
    if (platform::glibc_version_in(text).find_first_not_of("0123456789.") != std::string::npos) std::abort();
    (void)platform::elf_machine(text);
    return 0;
}
