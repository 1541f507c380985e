#include <envlock/index/config.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>
#include <set>

namespace envlock::index {
namespace {

constexpr std::string_view k_defaults = "DEFAULT";

std::string option_name(std::string_view text) {
    auto name = ascii_lower(trim(text));
    std::ranges::replace(name, '_', '-');
    return name.starts_with("--") ? name.substr(2) : name;
}

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

}  // namespace

std::map<std::string, std::string> parse_pip_conf(std::string_view text) {
    std::map<std::string, std::string> out;
    std::map<std::string, std::string> defaults;
    std::set<std::string> sections;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::string section;
    std::string* value = nullptr;
    std::size_t indent = 0;  // of the line that the option began on: what stands deeper goes on with it
    for (const auto raw : split_lines(text)) {
        const auto line = trim(raw);
        if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
        if (value != nullptr && indent_of(raw) > indent) {
            value->append("\n").append(line);
            continue;
        }
        indent = indent_of(raw);
        if (const auto end = line.rfind(']'); line.starts_with('[') && end != std::string_view::npos && end > 1) {
            section = std::string(line.substr(1, end - 1));
            if (section != k_defaults) sections.insert(section);
            value = nullptr;
            continue;
        }
        const auto equals = line.find_first_of("=:");
        if (equals == std::string_view::npos || equals == 0 || section.empty()) continue;
        const auto name = option_name(line.substr(0, equals));
        value = section == k_defaults ? &defaults[name] : &out[section + "." + name];
        *value = std::string(trim(line.substr(equals + 1)));
    }
    for (const auto& each : sections) {
        for (const auto& [name, default_value] : defaults) out.emplace(each + "." + name, default_value);
    }
    return out;
}

}  // namespace envlock::index
