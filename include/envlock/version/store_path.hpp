#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace envlock {

struct StorePath {
    std::string hash;  // 32 characters of Nix's base 32
    std::string name;  // "python3-3.12.4"
};

// The store path that `path` is, or lies in: /nix/store/<hash>-<name>[/…]. Lexical, not resolved;
// nullopt for anything else, hidden names, derivation-breaking characters and ".." included.
std::optional<StorePath> parse_store_path(std::string_view path);

struct StoreName {
    std::string pname;
    std::string version;  // "" when the name has none
};

// As Nix does: the version begins after the first '-' that is followed by something other than a letter.
StoreName split_store_name(std::string_view name);

}  // namespace envlock
