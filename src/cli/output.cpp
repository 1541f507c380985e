#include "cli/output.hpp"

#include <envlock/report/html_report.hpp>
#include <envlock/report/json_report.hpp>
#include <envlock/report/markdown_report.hpp>
#include <envlock/report/sarif_report.hpp>
#include <envlock/report/text_report.hpp>

#include <algorithm>

namespace envlock::cli {
namespace {

std::string render(const Report& report, std::string_view format, const TextStyle& style) {
    if (format == "json") return render_json(report);
    if (format == "md") return render_markdown(report, 65'000);
    if (format == "html") return render_html(report);
    if (format == "sarif") return render_sarif(report);
    return render_text(report, style);
}

}  // namespace

std::string check_target(const std::string& target) {
    const auto equals = target.find('=');
    if (equals == std::string::npos || equals + 1 == target.size()) return "expected FORMAT=FILE: " + target;
    if (std::ranges::find(k_formats, target.substr(0, equals), [](const char* f) { return std::string(f); }) == std::end(k_formats)) {
        return "formats are text, json, md, html, sarif: " + target;
    }
    return {};
}

Result<void> show_report(const Report& report, const OutputRequest& request, const World& world, Terminal& terminal) {
    bool shown = false;
    for (const auto& target : request.targets) {
        const auto equals = target.find('=');
        const auto format = target.substr(0, equals);
        const auto file = target.substr(equals + 1);
        if (file == "-") {
            terminal.out << render(report, format, {});
            shown = true;
            continue;
        }
        ENVLOCK_CHECK(world.write(file, render(report, format, {})));
        say(terminal, "wrote " + file);
    }
    if (request.as_json) terminal.out << render_json(report);
    else if (!shown && !terminal.quiet) {
        terminal.out << render_text(report, {.color = terminal.color_out, .width = terminal.width, .verbose = terminal.verbose, .summary = request.summary});
    }
    return {};
}

}  // namespace envlock::cli
