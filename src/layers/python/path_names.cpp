#include "layers/python/path_names.hpp"

#include <algorithm>
#include <cctype>

namespace envlock::python {

PathNames::PathNames(const ProbeContext& context, std::string_view venv_prefix) {
    const auto add = [&](std::string_view path, std::string_view name) {
        while (path.ends_with('/')) path.remove_suffix(1);
        if (path.size() > 1) m_names.emplace_back(path, name);
    };
    add(venv_prefix, "$VENV");
    add(context.project.root, "$PROJECT");
    const auto home = context.environment.find("HOME");
    if (home != context.environment.end()) add(home->second, "$HOME");
    std::ranges::stable_sort(m_names, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::string PathNames::shorten(std::string_view text) const {
    const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.'; };
    std::string out;
    while (!text.empty()) {
        const bool at_start = out.empty() || !is_name(out.back());
        const auto found = std::ranges::find_if(m_names, [&](const auto& name) {
            const auto& path = name.first;
            return text.starts_with(path) && (text.size() == path.size() || !is_name(text[path.size()]));
        });
        if (at_start && text.front() == '/' && found != m_names.end()) {
            out += found->second;
            text.remove_prefix(found->first.size());
            continue;
        }
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

}  // namespace envlock::python
