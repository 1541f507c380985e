#include <envlock/report/html_report.hpp>
#include <envlock/report/json_report.hpp>
#include <envlock/report/markdown_report.hpp>
#include <envlock/report/sarif_report.hpp>
#include <envlock/report/text_report.hpp>

#include <cstdint>
#include <cstdlib>

// Whatever the bytes, reading ends; what was read renders in every format and writes itself stably.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const auto report = parse_report(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!report) return 0;
    const auto once = render_json(*report);
    const auto again = parse_report(once);
    if (!again || render_json(*again) != once) std::abort();
    if (render_markdown(*report, 4'000).size() > 4'000) std::abort();
    if (render_html(*report).empty() || render_sarif(*report).empty() || render_text(*report, {.width = 60}).empty()) std::abort();
    return 0;
}
