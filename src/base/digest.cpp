#include <envlock/base/digest.hpp>

#include <openssl/evp.h>

#include <array>

namespace envlock {
namespace {

constexpr std::string_view k_hex = "0123456789abcdef";

struct Named {
    std::string_view name;
    const EVP_MD* (*make)();
};

constexpr std::array<Named, 13> k_algorithms{{
    {"sha256", EVP_sha256}, {"sha384", EVP_sha384}, {"sha512", EVP_sha512}, {"sha224", EVP_sha224},
    {"blake2b", EVP_blake2b512}, {"blake2s", EVP_blake2s256},
    {"sha3_224", EVP_sha3_224}, {"sha3_256", EVP_sha3_256}, {"sha3_384", EVP_sha3_384}, {"sha3_512", EVP_sha3_512},
    {"sha1", EVP_sha1}, {"md5", EVP_md5}, {"sha512_256", EVP_sha512_256},
}};

int value_of(char c, bool url) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == (url ? '-' : '+')) return 62;
    if (c == (url ? '_' : '/')) return 63;
    return -1;
}

std::string encode(std::string_view raw, std::string_view alphabet, bool pad) {
    std::string out;
    out.reserve((raw.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < raw.size(); i += 3) {
        const auto left = raw.size() - i;
        std::uint32_t bits = static_cast<std::uint32_t>(static_cast<unsigned char>(raw[i])) << 16U;
        if (left > 1) bits |= static_cast<std::uint32_t>(static_cast<unsigned char>(raw[i + 1])) << 8U;
        if (left > 2) bits |= static_cast<unsigned char>(raw[i + 2]);
        out += alphabet[bits >> 18U];
        out += alphabet[(bits >> 12U) & 63U];
        if (left > 1) out += alphabet[(bits >> 6U) & 63U];
        else if (pad) out += '=';
        if (left > 2) out += alphabet[bits & 63U];
        else if (pad) out += '=';
    }
    return out;
}

constexpr std::string_view k_standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view k_url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

struct Hasher::State {
    const EVP_MD* md = nullptr;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Hasher::Hasher(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

std::optional<Hasher> Hasher::create(std::string_view algorithm) {
    for (const auto& known : k_algorithms) {
        if (known.name != algorithm) continue;
        auto state = std::make_unique<State>();
        state->md = known.make();
        if (!state->context || EVP_DigestInit_ex(state->context.get(), state->md, nullptr) != 1) return std::nullopt;
        return Hasher(std::move(state));
    }
    return std::nullopt;
}

void Hasher::update(std::string_view bytes) { EVP_DigestUpdate(m_state->context.get(), bytes.data(), bytes.size()); }

std::string Hasher::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(m_state->context.get(), out.data(), &size);
    EVP_DigestInit_ex(m_state->context.get(), m_state->md, nullptr);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string sha256_raw(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, EVP_sha256(), nullptr);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256_raw(bytes)); }
std::string sha256_tagged(std::string_view bytes) { return "sha256:" + sha256_hex(bytes); }

std::string to_hex(std::string_view raw) {
    std::string out;
    out.reserve(raw.size() * 2);
    for (const char c : raw) {
        const auto byte = static_cast<unsigned char>(c);
        out += k_hex[byte >> 4U];
        out += k_hex[byte & 15U];
    }
    return out;
}

std::optional<std::string> from_hex(std::string_view hex) {
    const auto nibble = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string out;
    out.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = nibble(hex[i]);
        const int low = nibble(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

std::string base64(std::string_view raw) { return encode(raw, k_standard, true); }
std::string base64url(std::string_view raw) { return encode(raw, k_url, false); }

std::optional<std::string> from_base64(std::string_view text, bool padding_optional) {
    const bool url = text.find_first_of("-_") != std::string_view::npos;
    const auto body = text.substr(0, text.find('='));
    const auto padding = text.substr(body.size());
    const auto wanted = (4 - body.size() % 4) % 4;
    if (wanted == 3 || padding.find_first_not_of('=') != std::string_view::npos) return std::nullopt;
    if (padding.size() != wanted && !(padding_optional && padding.empty())) return std::nullopt;
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : body) {
        const int value = value_of(c, url);
        if (value < 0) return std::nullopt;
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>((bits >> held) & 0xFFU);
        }
    }
    if ((bits & ((1U << held) - 1U)) != 0) return std::nullopt;  // excess bits: not canonical
    return out;
}

}  // namespace envlock
