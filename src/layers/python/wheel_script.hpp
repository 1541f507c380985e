#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace envlock::python {

// A script with its first line as the wheel had it: installers replace "#!python" by the path of an
// interpreter, or by three lines for /bin/sh where that path is too long. nullopt: no script of Python.
std::optional<std::string> with_wheel_shebang(const std::string& text, std::string_view wheel_line = "#!python");

// The path of the interpreter that starts this script, without quotes; "" when it has none.
std::string_view interpreter_of(std::string_view script);

// Raw digest; "" when the algorithm is not computed here.
std::string digest_of(const std::string& algorithm, const std::string& text);

}  // namespace envlock::python
