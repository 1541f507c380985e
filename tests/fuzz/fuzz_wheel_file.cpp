#include <envlock/dist/wheel_file.hpp>

#include <cstdint>
#include <cstdlib>

// Parsing ends, and what is returned says something.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto wheel = parse_wheel_file(text, "fuzz");
    if (wheel && wheel->wheel_version.empty() && wheel->tags.empty()) std::abort();
    return 0;
}
