#include <envlock/dist/entry_points.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock {

std::vector<std::string> parse_script_names(std::string_view text) {
    constexpr std::size_t k_most_bytes = 4U << 20U;
    text = text.substr(0, k_most_bytes);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::vector<std::string> names;
    bool scripts = false;
    for (const auto raw : split_lines(text)) {
        const auto line = trim(raw);
        if (line.empty() || line.front() == '#' || line.front() == ';') continue;
        if (line.front() == '[') {
            const auto section = trim(line.substr(1, line.find(']') == std::string_view::npos ? 0 : line.find(']') - 1));
            scripts = section == "console_scripts" || section == "gui_scripts";
            continue;
        }
        const auto equals = line.find('=');
        if (!scripts || equals == std::string_view::npos) continue;
        const auto name = trim(line.substr(0, equals));
        if (!name.empty() && name.find('/') == std::string_view::npos) names.emplace_back(name);
    }
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace envlock
