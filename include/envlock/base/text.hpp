#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace envlock {

// ASCII only; bytes above 0x7F pass through.
std::string ascii_lower(std::string_view text);
bool iequals_ascii(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);                       // spaces, tabs, CR, LF
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty pieces
std::vector<std::string_view> split_lines(std::string_view text);   // \n, \r\n or \r; no empty last line
// The pieces point into the text: a text that is gone when they are read does not compile.
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> split(Temporary&& text, char separator) = delete;
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> split_lines(Temporary&& text) = delete;

bool is_valid_utf8(std::string_view text);
// Well-formed UTF-8: each offending byte becomes \xHH as text, so nothing is lost and nothing throws.
std::string to_utf8(std::string_view bytes);

// The one filter for foreign text on a terminal, in logs and in notes: C0, DEL, C1, bidirectional
// controls, zero-width and line-separator characters become visible escapes (\xHH, \u202E);
// bytes that are not UTF-8 too. A newline is escaped as well: one value, one line.
std::string escape_controls(std::string_view text);
std::string escape_html(std::string_view text);      // after escape_controls
std::string escape_markdown(std::string_view text);  // after escape_controls; safe in a table cell

}  // namespace envlock
