#include <envlock/dist/metadata.hpp>

#include <cstdint>
#include <cstdlib>

// Parsing ends, and what is returned has a name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto metadata = parse_metadata(text, "fuzz");
    if (!metadata) return 0;
    if (metadata->name.empty()) std::abort();
    for (const auto& requirement : metadata->requires_dist) {
        (void)required_name(requirement);
        (void)is_extra_requirement(requirement);
    }
    return 0;
}
