#include <envlock/version/store_path.hpp>

#include "version/characters.hpp"

#include <algorithm>

namespace envlock {
namespace {

constexpr std::string_view k_store = "/nix/store/";
constexpr std::string_view k_base32 = "0123456789abcdfghijklmnpqrsvwxyz";
constexpr std::size_t k_hash_length = 32;
constexpr std::size_t k_longest_name = 211;

bool is_name_character(char c) {
    return is_alnum(c) || std::string_view("+-._?=").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<StorePath> parse_store_path(std::string_view path) {
    if (!path.starts_with(k_store)) return std::nullopt;
    path.remove_prefix(k_store.size());
    if (path.size() > k_hash_length) {
        const auto hash = path.substr(0, k_hash_length);
        const auto end = std::min(path.find('/'), path.size());
        if (end <= k_hash_length + 1 || path[k_hash_length] != '-') return std::nullopt;
        const auto name = path.substr(k_hash_length + 1, end - k_hash_length - 1);
        const bool hash_ok = hash.find_first_not_of(k_base32) == std::string_view::npos;
        const bool name_ok = name.size() <= k_longest_name && name.front() != '.' && std::ranges::all_of(name, is_name_character);
        // "<path>/../other" only looks as if it lay in this path.
        const auto inside = path.substr(end);
        const bool climbs = inside.ends_with("/..") || inside.find("/../") != std::string_view::npos;
        if (hash_ok && name_ok && !climbs) return StorePath{std::string(hash), std::string(name)};
    }
    return std::nullopt;
}

StoreName split_store_name(std::string_view name) {
    for (std::size_t i = 0; i + 1 < name.size(); ++i) {
        if (name[i] == '-' && !is_letter(name[i + 1])) return {std::string(name.substr(0, i)), std::string(name.substr(i + 1))};
    }
    return {std::string(name), {}};
}

}  // namespace envlock
