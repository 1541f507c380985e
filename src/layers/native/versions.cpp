#include "layers/native/versions.hpp"

#include <envlock/base/text.hpp>

namespace envlock::native {

std::optional<std::vector<int>> version_numbers(std::string_view name, std::string_view prefix) {
    if (!name.starts_with(prefix)) return std::nullopt;
    std::vector<int> out;
    for (const auto part : split(name.substr(prefix.size()), '.')) {
        if (part.empty() || part.size() > 6 || part.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
        int value = 0;
        for (const char c : part) value = value * 10 + (c - '0');
        out.push_back(value);
    }
    return out;
}

void Newest::take(std::string_view name) {
    if (auto numbers = version_numbers(name, m_prefix); numbers && *numbers > m_numbers) m_numbers = *std::move(numbers);
}

std::string Newest::text() const {
    std::string out;
    for (const auto number : m_numbers) out += (out.empty() ? "" : ".") + std::to_string(number);
    return out;
}

std::vector<std::string> VersionCheck::missing(const elf::ElfObject& object, const std::string& library, const elf::ElfObject& provider) {
    std::vector<std::string> out;
    if (provider.version_defs.empty()) return out;
    auto [known, is_new] = m_definitions.try_emplace(&provider);
    if (is_new) known->second.insert(provider.version_defs.begin(), provider.version_defs.end());
    for (const auto& need : object.version_needs) {
        if (need.library != library) continue;
        for (const auto& version : need.versions) {
            if (!known->second.contains(version)) out.push_back(version);
        }
    }
    return out;
}

std::string VersionCheck::newest_like(const elf::ElfObject& provider, std::string_view version) {
    const auto underscore = version.rfind('_');
    if (underscore == std::string_view::npos) return {};
    const std::string prefix(version.substr(0, underscore + 1));
    Newest newest(prefix);
    for (const auto& definition : provider.version_defs) newest.take(definition);
    return newest.numbers().empty() ? std::string{} : prefix + newest.text();
}

}  // namespace envlock::native
