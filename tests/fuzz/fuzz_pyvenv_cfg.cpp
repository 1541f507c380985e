#include <envlock/dist/pyvenv_cfg.hpp>

#include <cstdint>
#include <cstdlib>

// Parsing ends, and the version is never more than three short numbers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto cfg = parse_pyvenv_cfg(text);
    const auto version = cfg.version();
    if (version.size() > 38 || cfg.creator().empty()) std::abort();
    return 0;
}
