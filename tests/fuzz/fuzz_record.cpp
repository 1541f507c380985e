#include <envlock/dist/record.hpp>

#include <cstdint>
#include <cstdlib>

// Whatever the rows, a digest has its length and no path leaves the environment.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto rows = parse_record(text, "fuzz");
    if (!rows) return 0;
    for (const auto& row : *rows) {
        if (row.state == RecordState::hashed && row.digest.size() != *digest_size(row.algorithm)) std::abort();
        const auto path = confine_record_path(row.path, "/v/lib/python3.11/site-packages", "/v");
        if (path && !path->starts_with("/v/")) std::abort();
    }
    return 0;
}
