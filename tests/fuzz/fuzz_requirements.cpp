#include "index/requirements_options.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// Whatever the bytes, reading ends; every option has a name, no line outgrows its cap by its variables, and
// what envlock's own variables hold makes no difference.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parse = [&](const char* secret) {
        return envlock::index::parse_requirements_options(text, {{"A", "${A}${A}"}, {"B", "https://u:p@h/x"}, {"ENVLOCK_X", secret}});
    };
    const auto seen = parse("one"), other = parse("two");
    if (seen.options.size() != other.options.size() || seen.warnings != other.warnings) std::abort();
    for (std::size_t i = 0; i < seen.options.size(); ++i) {
        const auto& option = seen.options[i];
        if (option.name.empty() || option.value.size() > (1U << 17U) || option.value != other.options[i].value) std::abort();
    }
    return 0;
}
