#include <envlock/dist/pyvenv_cfg.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock {

PyvenvCfg parse_pyvenv_cfg(std::string_view text) {
    constexpr std::size_t k_most_bytes = 1U << 20U;
    PyvenvCfg out;
    text = text.substr(0, k_most_bytes);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (const auto line : split_lines(text)) {
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        auto key = ascii_lower(trim(line.substr(0, equals)));
        if (key.empty() || key.front() == '#') continue;
        out.values.insert_or_assign(std::move(key), std::string(trim(line.substr(equals + 1))));
    }
    return out;
}

std::string_view PyvenvCfg::get(std::string_view key) const {
    const auto found = values.find(std::string(key));
    return found == values.end() ? std::string_view{} : found->second;
}

std::string PyvenvCfg::version() const {
    const auto info = get("version_info");
    auto text = info.empty() ? get("version") : info;
    // virtualenv writes "3.11.7.final.0": the numbers in front are the version.
    std::string out;
    std::size_t parts = 0;
    for (const auto part : split(text, '.')) {
        if (part.empty() || !std::ranges::all_of(part.substr(0, 1), [](char c) { return c >= '0' && c <= '9'; })) break;
        if (part.size() > 12 || ++parts > 3) break;
        if (!out.empty()) out += '.';
        out += part;
    }
    return out;
}

std::string PyvenvCfg::creator() const {
    if (values.contains("uv")) return "uv";
    if (values.contains("virtualenv")) return "virtualenv";
    return "venv";
}

bool PyvenvCfg::include_system_site() const {
    const auto value = get("include-system-site-packages");
    // site.py: anything but "false" opens the base; without the key it stays closed.
    return !value.empty() && !iequals_ascii(value, "false");
}

}  // namespace envlock
