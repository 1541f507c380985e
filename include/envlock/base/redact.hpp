#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace envlock {

// A URL with everything that could be a secret removed: user information, query and fragment
// parameters (except `subdirectory`, `egg` and hash fragments, which are not secret).
// Text that is no URL is returned unchanged.
std::string redact_url(std::string_view url);

// Every URL inside a longer text, redacted in place: for error messages of libraries.
std::string redact_urls_in(std::string_view text);

// Folders that tell who and where somebody is, each replaced by its name wherever it begins a
// path inside `text` ({"/home/ada", "$HOME"}); the longest folder wins. A home folder that is not
// listed loses its owner's name: "/home/*". Relative and root ("/") folders are ignored.
std::string replace_folders(std::string_view text, const std::map<std::string, std::string>& folders);

// The name of the first secret pattern found in `text` (a token of a known service, a private
// key block, a URL with a password), or nullopt. Used as a gate before signing.
std::optional<std::string> find_secret(std::string_view text);

}  // namespace envlock
