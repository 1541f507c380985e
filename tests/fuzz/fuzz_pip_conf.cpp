#include <envlock/index/config.hpp>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& [name, value] : envlock::index::parse_pip_conf(text)) (void)envlock::index::split_credentials(value, name);
    return 0;
}
