#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace envlock::nix {

// The raw 32 bytes of a narHash in SRI form ("sha256-" and base64; old locks lack the final
// '='), or nullopt when it is anything else.
std::optional<std::string> parse_nar_hash(std::string_view sri);

// Nix's own base 32: no e, o, t or u, and the last byte first.
std::string nix32(std::string_view raw);

// The path that a locked input has in /nix/store: it follows from the hash of its content and
// its name alone. nullopt when `nar_hash` is not 32 bytes or the name is not allowed there.
std::optional<std::string> source_store_path(std::string_view nar_hash, std::string_view name = "source");

}  // namespace envlock::nix
