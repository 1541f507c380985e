#include "index/requirements_options.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// Whatever the bytes, reading ends; every option has a known name, and no line outgrows its cap by its variables.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto seen = envlock::index::parse_requirements_options(text, {{"A", "${A}${A}"}, {"B", "https://u:p@h/x"}, {"ENVLOCK_X", "secret"}});
    for (const auto& option : seen.options) {
        if (option.name.empty() || option.value.size() > (1U << 17U)) std::abort();
        // What stands in the text may show up; the variable's value may not.
        if (option.value.find("secret") != std::string::npos && text.find("secret") == std::string_view::npos) std::abort();
    }
    return 0;
}
