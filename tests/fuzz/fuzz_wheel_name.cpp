#include <envlock/version/name.hpp>
#include <envlock/version/pep440.hpp>
#include <envlock/version/store_path.hpp>
#include <envlock/version/wheel.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// A name that is accepted has a valid project, a valid version and a sorted set of tags, and can be no path.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto wheel = parse_wheel_name(text)) {
        if (!is_valid_name(wheel->name) || normalize_name(wheel->name) != wheel->name) std::abort();
        if (!parse_pep440(wheel->version) || text.find('/') != std::string_view::npos) std::abort();
        if (wheel->tags.empty() || wheel->tags.size() > 1024 || !std::ranges::is_sorted(wheel->tags)) std::abort();
    }
    parse_sdist_name(text, "foo-bar");
    if (const auto store = parse_store_path(text); store && split_store_name(store->name).pname.size() > store->name.size()) std::abort();
    return 0;
}
