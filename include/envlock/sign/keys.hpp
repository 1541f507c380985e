#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace envlock::sign {

enum class KeyType : std::uint8_t { ed25519, ecdsa_p256 };

// A public key that may be trusted: Ed25519 (RFC 8032) or ECDSA on P-256 with SHA-256. A point of
// small order or in a non-canonical encoding is refused when the key is read: with such a key any
// message verifies.
class PublicKey {
public:
    static Result<PublicKey> from_pem(std::string_view pem, std::string_view subject);               // SPKI
    static Result<PublicKey> from_openssh(std::string_view type, std::string_view base64, std::string_view subject);

    KeyType type() const;
    std::string fingerprint() const;   // "SHA256:…", as `ssh-keygen -lf` shows it
    std::string openssh_line() const;  // "ssh-ed25519 AAAA…"
    std::string to_pem() const;        // SPKI
    // Pure Ed25519, or ECDSA with SHA-256 and a DER signature. The algorithm is the key's own.
    bool verifies(std::string_view message, std::string_view signature) const;
    bool operator==(const PublicKey& other) const { return m_wire == other.m_wire; }

private:
    friend class PrivateKey;
    struct Handle;
    std::shared_ptr<const Handle> m_handle;
    std::string m_wire;  // the SSH wire form, which identifies the key
};

class PrivateKey {
public:
    const PublicKey& public_key() const { return m_public; }
    Result<std::string> sign(std::string_view message) const;
    // PKCS#8; encrypted (scrypt, AES-256) when a passphrase is given.
    Result<std::string> to_pem(std::string_view passphrase) const;

private:
    friend Result<PrivateKey> generate_key(KeyType type);
    friend Result<PrivateKey> read_private_key(std::string_view pem, std::string_view subject, std::string_view passphrase);
    static Result<PrivateKey> adopt(void* key, std::string_view subject);
    std::shared_ptr<const PublicKey::Handle> m_handle;
    PublicKey m_public;
};

Result<PrivateKey> generate_key(KeyType type);
// PKCS#8 PEM, plain or encrypted. key_malformed says what is wrong, and when a passphrase is missing.
Result<PrivateKey> read_private_key(std::string_view pem, std::string_view subject, std::string_view passphrase);
// key_exposed when anybody but the owner may read a file of this mode.
Result<void> check_key_mode(std::uint32_t mode, const std::string& path);

}  // namespace envlock::sign
