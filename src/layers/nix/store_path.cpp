#include "layers/nix/store_path.hpp"

#include <envlock/base/digest.hpp>

#include <algorithm>

namespace envlock::nix {
namespace {

constexpr std::string_view k_alphabet = "0123456789abcdfghijklmnpqrsvwxyz";
constexpr std::string_view k_store = "/nix/store/";
constexpr std::size_t k_longest_name = 211;

bool is_store_name(std::string_view name) {
    constexpr std::string_view allowed = "+-._?=";
    return !name.empty() && name.size() <= k_longest_name && std::ranges::all_of(name, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || allowed.find(c) != std::string_view::npos;
    });
}

}  // namespace

std::optional<std::string> parse_nar_hash(std::string_view sri) {
    constexpr std::string_view prefix = "sha256-";
    if (!sri.starts_with(prefix)) return std::nullopt;
    auto raw = from_base64(sri.substr(prefix.size()), true);
    return raw && raw->size() == 32 ? raw : std::nullopt;
}

std::string nix32(std::string_view raw) {
    const auto length = (raw.size() * 8 + 4) / 5;
    std::string out;
    for (auto group = length; group-- > 0;) {
        const auto bit = group * 5;
        const auto byte_at = [&](std::size_t index) {
            return index < raw.size() ? static_cast<unsigned>(static_cast<unsigned char>(raw[index])) : 0U;
        };
        const auto both = byte_at(bit / 8) | (byte_at(bit / 8 + 1) << 8U);
        out += k_alphabet[(both >> (bit % 8)) & 31U];
    }
    return out;
}

std::optional<std::string> source_store_path(std::string_view nar_hash, std::string_view name) {
    if (nar_hash.size() != 32 || !is_store_name(name)) return std::nullopt;
    const auto fingerprint = "source:sha256:" + to_hex(nar_hash) + ":/nix/store:" + std::string(name);
    const auto whole = sha256_raw(fingerprint);
    std::string folded(20, '\0');
    for (std::size_t i = 0; i < whole.size(); ++i) folded[i % 20] = static_cast<char>(folded[i % 20] ^ whole[i]);
    return std::string(k_store) + nix32(folded) + "-" + std::string(name);
}

}  // namespace envlock::nix
