#include <envlock/dist/metadata.hpp>

#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>

#include <algorithm>
#include <cctype>

namespace envlock {
namespace {

constexpr std::size_t k_most_headers = 20'000;
constexpr std::size_t k_longest_value = 64U << 10U;

bool is_header_name(std::string_view text) {
    return !text.empty() && text.size() < 200 &&
           std::ranges::all_of(text, [](char c) { return c > 32 && c < 127; });
}

// Each byte above 0x7F as the character Latin-1 says it is, when the text is not UTF-8.
std::string decode(std::string_view text) {
    if (is_valid_utf8(text)) return std::string(text);
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | (byte >> 6U));
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

// The next line of `text` from `at` without its end; `at` moves behind it.
std::string_view take_line(std::string_view text, std::size_t& at) {
    const auto end = text.find_first_of("\r\n", at);
    const auto line = text.substr(at, end == std::string_view::npos ? end : end - at);
    if (end == std::string_view::npos) at = text.size();
    else at = end + (text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n' ? 2 : 1);
    return line;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_headers(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> headers;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    bool open = false;  // the last line was a header, so a folded line belongs to it
    for (std::size_t at = 0; at < text.size();) {
        const auto line = take_line(text, at);
        if (line.empty()) break;
        if (line.front() == ' ' || line.front() == '\t') {
            if (!open) continue;
            auto& value = headers.back().second;
            if (value.size() + line.size() < k_longest_value) value.append(" ").append(decode(trim(line)));
            continue;
        }
        const auto colon = line.find(':');
        open = colon != std::string_view::npos && is_header_name(line.substr(0, colon));
        if (!open) continue;
        if (headers.size() >= k_most_headers) break;
        headers.emplace_back(ascii_lower(line.substr(0, colon)), decode(trim(line.substr(colon + 1)).substr(0, k_longest_value)));
    }
    return headers;
}

Result<Metadata> parse_metadata(std::string_view text, std::string_view subject) {
    Metadata out;
    const auto set = [&](std::string& field, std::string& value) {
        if (field.empty()) field = std::move(value);
        else out.duplicate = true;
    };
    for (auto& [name, value] : parse_headers(text)) {
        if (name == "name") set(out.name, value);
        else if (name == "version") set(out.version, value);
        else if (name == "metadata-version" && out.metadata_version.empty()) out.metadata_version = std::move(value);
        else if (name == "requires-dist") out.requires_dist.push_back(std::move(value));
    }
    if (out.name.empty()) return fail(ErrorCode::metadata_malformed, std::string(subject), "no Name");
    return out;
}

std::string required_name(std::string_view requirement) {
    requirement = trim(requirement);
    const auto end = std::ranges::find_if_not(requirement, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    });
    return normalize_name(requirement.substr(0, static_cast<std::size_t>(end - requirement.begin())));
}

bool is_extra_requirement(std::string_view requirement) {
    const auto semicolon = requirement.find(';');
    if (semicolon == std::string_view::npos) return false;
    const auto marker = requirement.substr(semicolon + 1);
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    for (auto at = marker.find("extra"); at != std::string_view::npos; at = marker.find("extra", at + 5)) {
        const bool starts = at == 0 || !is_word(marker[at - 1]);
        const bool ends = at + 5 >= marker.size() || !is_word(marker[at + 5]);
        const bool in_string = at > 0 && (marker[at - 1] == '\'' || marker[at - 1] == '"');
        if (starts && ends && !in_string) return true;
    }
    return false;
}

}  // namespace envlock
