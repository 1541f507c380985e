#include "index/uv_tables.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// Both kinds of file: reading ends, and an index always has a URL.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock::index;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto kind : {UvFile::uv_toml, UvFile::pyproject}) {
        const auto seen = parse_uv_tables(text, "fuzz", kind);
        if (!seen) continue;
        for (const auto& index : seen->indexes) {
            if (index.url.empty()) std::abort();
        }
    }
    return 0;
}
