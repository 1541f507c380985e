#include <envlock/base/toml_shape.hpp>

#include <algorithm>

namespace envlock {
namespace {

constexpr std::size_t k_most_parts = 32;
constexpr std::size_t k_deepest = 32;

// The length of the string that `text` starts with, quotes included. A one-line string that is not
// closed ends with its line: the parser refuses the text there, so what follows does not matter.
std::size_t string_length(std::string_view text) {
    const char quote = text.front();
    const std::string triple(3, quote);
    const bool multi_line = text.starts_with(triple);
    for (std::size_t at = multi_line ? 3 : 1; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\') {
            ++at;
        } else if (multi_line && text.substr(at).starts_with(triple)) {
            at += 3;
            // Up to two more quotes belong to the string: """a""""" is a"".
            for (int more = 0; more < 2 && at < text.size() && text[at] == quote; ++more) ++at;
            return at;
        } else if (!multi_line && (text[at] == quote || text[at] == '\n')) {
            return text[at] == quote ? at + 1 : at;
        }
    }
    return text.size();
}

}  // namespace

std::optional<std::string> toml_trouble(std::string_view text) {
    std::size_t line = 1, parts = 1, depth = 0;
    const auto complain = [&](const char* what) { return "line " + std::to_string(line) + ": " + what; };
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"' || c == '\'') {
            const auto length = string_length(text.substr(at));
            line += static_cast<std::size_t>(std::ranges::count(text.substr(at, length), '\n'));
            at += length;
            continue;
        }
        if (c == '#') {
            at = std::min(text.find('\n', at), text.size());
            continue;
        }
        if (c == '.' && ++parts > k_most_parts) return complain("a key has more than 32 parts");
        if ((c == '[' || c == '{') && ++depth > k_deepest) return complain("brackets nest deeper than 32");
        if ((c == ']' || c == '}') && depth > 0) --depth;
        if (c == '\n' || c == '=' || c == ',' || c == '[' || c == '{' || c == ']' || c == '}') parts = 1;
        if (c == '\n') ++line;
        ++at;
    }
    return std::nullopt;
}

}  // namespace envlock
