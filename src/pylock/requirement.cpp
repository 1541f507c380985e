#include <envlock/pylock/requirement.hpp>

#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/specifier.hpp>

#include <algorithm>

namespace envlock::pylock {
namespace {

bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// "[a, b]" at the start of `rest`; false when the bracket is not closed.
bool take_extras(std::string_view& rest, std::vector<std::string>& out) {
    rest = trim(rest);
    if (!rest.starts_with('[')) return true;
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return false;
    for (const auto extra : split(rest.substr(1, end - 1), ',')) {
        if (!trim(extra).empty()) out.push_back(normalize_name(trim(extra)));
    }
    rest = trim(rest.substr(end + 1));
    return true;
}

// A URL may hold ';', so that its marker begins at white space and ';'.
std::size_t marker_start(std::string_view text, bool url) {
    for (auto at = text.find(';'); at != std::string_view::npos; at = text.find(';', at + 1)) {
        if (!url || (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'))) return at;
    }
    return text.size();
}

}  // namespace

std::optional<Requirement> parse_requirement(std::string_view text) {
    auto rest = trim(text);
    const auto* const end = std::ranges::find_if_not(rest, is_name_char);
    const auto name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    if (!is_valid_name(name)) return std::nullopt;
    Requirement out;
    out.name = normalize_name(name);
    rest.remove_prefix(name.size());
    if (!take_extras(rest, out.extras)) return std::nullopt;
    const bool url = rest.starts_with('@');
    const auto marker = marker_start(rest, url);
    if (marker < rest.size()) out.marker = trim(rest.substr(marker + 1));
    auto middle = trim(rest.substr(url ? 1 : 0, marker - (url ? 1 : 0)));
    if (url) {
        out.url = middle;
        return middle.empty() || middle.find_first_of(" \t") != std::string_view::npos ? std::nullopt : std::optional(std::move(out));
    }
    if (middle.starts_with('(') && middle.ends_with(')')) middle = trim(middle.substr(1, middle.size() - 2));
    if (!parse_specifiers(middle)) return std::nullopt;
    out.specifier = middle;
    return out;
}

std::string pinned_version(std::string_view specifier) {
    const auto clauses = parse_specifiers(specifier);
    if (!clauses || clauses->size() != 1 || clauses->front().prefix) return {};
    const auto op = clauses->front().op;
    return op == Specifier::Op::equal || op == Specifier::Op::identical ? clauses->front().text : std::string();
}

}  // namespace envlock::pylock
