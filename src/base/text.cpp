#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace envlock {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string hex_escape(unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    return {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
}

struct Decoded {
    std::size_t length = 0;  // 0: not well-formed here
    char32_t point = 0;
};

// One code point by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Decoded decode(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto first = at(0);
    if (first < 0x80) return {1, first};
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
    auto point = static_cast<char32_t>(first & (0x7FU >> length));
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0U) != 0x80) return {};
        point = (point << 6U) | (at(i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return {};
    return {length, point};
}

bool is_hidden(char32_t p) {
    return p < 0x20 || (p >= 0x7F && p <= 0x9F) || p == 0xAD || p == 0x61C || p == 0x180E || (p >= 0x200B && p <= 0x200F) ||
           (p >= 0x2028 && p <= 0x202E) || (p >= 0x2060 && p <= 0x206F) || p == 0xFEFF || (p >= 0xFFF9 && p <= 0xFFFB) ||
           (p >= 0xE0000 && p <= 0xE007F);
}

std::string point_escape(char32_t point) {
    if (point < 0x100) return hex_escape(static_cast<unsigned char>(point));
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = point > 0xFFFF ? "\\U" : "\\u";
    for (int shift = point > 0xFFFF ? 28 : 12; shift >= 0; shift -= 4) out += digits[(point >> static_cast<unsigned>(shift)) & 15U];
    return out;
}

}  // namespace

std::string ascii_lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

bool iequals_ascii(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    while (true) {
        const auto at = text.find(separator);
        out.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = text.find_first_of("\r\n");
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        const bool pair = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
        text.remove_prefix(end + (pair ? 2 : 1));
    }
    return out;
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto next = decode(text);
        if (next.length == 0) return false;
        text.remove_prefix(next.length);
    }
    return true;
}

std::string to_utf8(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const auto next = decode(bytes);
        if (next.length == 0) out += hex_escape(static_cast<unsigned char>(bytes[0]));
        else out += bytes.substr(0, next.length);
        bytes.remove_prefix(std::max<std::size_t>(next.length, 1));
    }
    return out;
}

std::string escape_controls(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto next = decode(text);
        if (next.length == 0) out += hex_escape(static_cast<unsigned char>(text[0]));
        else if (is_hidden(next.point)) out += point_escape(next.point);
        else out += text.substr(0, next.length);
        text.remove_prefix(std::max<std::size_t>(next.length, 1));
    }
    return out;
}

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : escape_controls(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string escape_markdown(std::string_view text) {
    std::string out;
    for (const char c : escape_controls(text)) {
        if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '&') out += "&amp;";
        else if (std::string_view("\\`*_{}[]()#!|~@").find(c) != std::string_view::npos) out += {'\\', c};
        else out += c;
    }
    return out;
}

}  // namespace envlock
