#include <envlock/index/record_match.hpp>

#include <cstddef>
#include <cstdint>

// Two RECORDs, divided by a line of one '='.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto middle = text.find("\n=\n");
    if (middle == std::string_view::npos) return 0;
    const auto wheel = envlock::parse_record(text.substr(0, middle + 1), "wheel");
    const auto installed = envlock::parse_record(text.substr(middle + 3), "installed");
    if (!wheel || !installed) return 0;
    envlock::index::InstalledRecord record{.dist_info = "x-1.0.dist-info", .name = "x", .rows = *installed, .scripts = {"tool"}, .is_script_of = [](const auto&, const auto&) { return false; }};
    (void)envlock::index::guess_tail(record);
    (void)envlock::index::match_record(*wheel, "x-1.0.dist-info", record);
    // A RECORD always equals itself.
    record.rows = *wheel;
    if (envlock::index::match_record(*wheel, "x-1.0.dist-info", record).verdict != envlock::index::RecordVerdict::equal) __builtin_trap();
    return 0;
}
