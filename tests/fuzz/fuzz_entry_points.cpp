#include <envlock/dist/entry_points.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

// Names come out sorted, and none can be a path.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const auto names = parse_script_names({reinterpret_cast<const char*>(data), size});
    if (!std::ranges::is_sorted(names)) std::abort();
    for (const auto& name : names) {
        if (name.empty() || name.find('/') != std::string::npos) std::abort();
    }
    return 0;
}
