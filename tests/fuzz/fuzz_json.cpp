#include <envlock/json/value.hpp>

#include <cstdint>
#include <cstdlib>

// Whatever the bytes, parsing ends; what was parsed can be written and parses to the same value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto value = json::parse(text, {}, "fuzz");
    if (!value) return 0;
    const auto once = json::write(*value, json::Style::pretty);
    const auto again = json::parse(once, {}, "fuzz");
    if (!again || json::write(*again, json::Style::pretty) != once) std::abort();
    return 0;
}
