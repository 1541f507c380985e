#pragma once

#include <envlock/version/pep440.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock {

// One clause of PEP 440's version specifiers: ">=3.8", "==1.*", "~= 2.2". `version` is what was
// parsed; `===` compares text and may hold anything.
struct Specifier {
    enum class Op : std::uint8_t { compatible, equal, not_equal, at_least, at_most, above, below, identical };
    Op op{};
    std::string text;  // the version as written, without ".*"
    Pep440 version;    // not for Op::identical
    bool prefix = false;
};

// ">=3.8, !=3.9.*" → its clauses; "" → none, which every version satisfies; nullopt when a clause
// is none of PEP 440's.
std::optional<std::vector<Specifier>> parse_specifiers(std::string_view text);

// PEP 440's answer with pre-releases admitted: what is installed is not chosen any more.
// A version that is not PEP 440 satisfies `===` only.
bool satisfies(std::string_view version, const Specifier& specifier);
bool satisfies(std::string_view version, const std::vector<Specifier>& specifiers);

}  // namespace envlock
