#include "host/net/xml_html_reader.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto reader = envlock::host::make_html_reader();
    (void)reader->links({reinterpret_cast<const char*>(data), size});
    return 0;
}
