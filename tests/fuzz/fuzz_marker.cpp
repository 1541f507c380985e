#include <envlock/pylock/marker.hpp>

#include <cstdint>
#include <cstdlib>

// Parsing ends; the normal form is a marker with the same normal form and the same answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock::pylock;
    const auto marker = Marker::parse({reinterpret_cast<const char*>(data), size});
    if (!marker) return 0;
    const MarkerEnvironment environment{.variables = {{"python_version", "3.11"}, {"sys_platform", "linux"}, {"extra", "docs"}}, .extras = {}, .dependency_groups = {}};
    const auto text = marker->text();
    const auto again = Marker::parse(text);
    if (text.size() > (64U << 10U)) return 0;
    if (!again || again->text() != text || again->holds(environment) != marker->holds(environment)) std::abort();
    return 0;
}
