#include "layers/platform/facts.hpp"

#include <envlock/base/text.hpp>

#include <algorithm>
#include <cctype>

namespace envlock::platform {
namespace {

bool is_key(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

// The value without its quotes; nullopt when a quote is left open.
std::optional<std::string> unquote(std::string_view text) {
    std::string out;
    char open = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && open != '\'' && i + 1 < text.size()) out += text[++i];
        else if (open == '\0' && (c == '"' || c == '\'')) open = c;
        else if (c == open) open = '\0';
        else out += c;
    }
    if (open != '\0') return std::nullopt;
    return out;
}

}  // namespace

std::map<std::string, std::string> parse_os_release(std::string_view text) {
    std::map<std::string, std::string> out;
    for (const auto raw : split_lines(text)) {
        const auto line = trim(raw);
        const auto equals = line.find('=');
        if (line.starts_with('#') || equals == std::string_view::npos || !is_key(line.substr(0, equals))) continue;
        if (auto value = unquote(line.substr(equals + 1))) out[std::string(line.substr(0, equals))] = *std::move(value);  // the last one counts
    }
    return out;
}

}  // namespace envlock::platform
