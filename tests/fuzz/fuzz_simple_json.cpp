#include <envlock/index/project_page.hpp>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)envlock::index::parse_simple_json(text, "https://index.example/simple/x/", "x", "1.0");
    return 0;
}
