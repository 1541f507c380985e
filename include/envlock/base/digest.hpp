#pragma once

#include <envlock/base/result.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace envlock {

// A streaming hash by libcrypto. Names are hashlib's, lower case: "sha256", "sha384",
// "sha512", "blake2b", "blake2s", "sha3_256", …, and the weak "md5", "sha1", which are
// computed so that a mismatch can be named, never trusted.
class Hasher {
public:
    static std::optional<Hasher> create(std::string_view algorithm);  // nullopt: not supported
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;
    ~Hasher();

    void update(std::string_view bytes);
    std::string finish();  // raw digest bytes; the hasher is then ready for the next message

private:
    struct State;
    explicit Hasher(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

std::string sha256_raw(std::string_view bytes);  // 32 bytes
std::string sha256_hex(std::string_view bytes);  // 64 lower-case digits
std::string sha256_tagged(std::string_view bytes);  // "sha256:" + hex: the form every manifest digest has

std::string to_hex(std::string_view raw);
std::optional<std::string> from_hex(std::string_view hex);  // either case; nullopt on anything else

// RFC 4648. Encoding is standard with padding (`base64`) or URL-safe without (`base64url`).
std::string base64(std::string_view raw);
std::string base64url(std::string_view raw);
// Strict decoding of the standard and of the URL-safe alphabet, not mixed: no white space, no
// excess bits, padding exactly right or (when `padding_optional`) absent.
std::optional<std::string> from_base64(std::string_view text, bool padding_optional = false);

}  // namespace envlock
