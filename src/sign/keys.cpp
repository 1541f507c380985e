#include <envlock/sign/keys.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

namespace envlock::sign {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

constexpr std::size_t k_ed25519_size = 32;
constexpr std::size_t k_p256_size = 65;  // uncompressed point
constexpr std::uint64_t k_scrypt_n = 1U << 14U;  // the most that OpenSSL's own PKCS#8 reader takes (32 MiB)

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
std::string text_of(const unsigned char* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

std::string openssl_problem() {
    std::array<char, 256> text{};
    const auto code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return {};
    ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

std::string bio_text(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

void add_string(std::string& out, std::string_view field) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((field.size() >> static_cast<unsigned>(shift)) & 0xFFU);
    out += field;
}

std::string wire_of(KeyType type, std::string_view point) {
    std::string out;
    if (type == KeyType::ed25519) {
        add_string(out, "ssh-ed25519");
    } else {
        add_string(out, "ecdsa-sha2-nistp256");
        add_string(out, "nistp256");
    }
    add_string(out, point);
    return out;
}

// The y coordinates (little endian, sign bit cleared) of the eight points of small order, and all
// encodings of a field element that are not reduced: y must be below p = 2^255 − 19.
bool is_unsafe_ed25519(std::string_view point) {
    std::string y(point);
    y[31] = static_cast<char>(static_cast<unsigned char>(y[31]) & 0x7FU);
    const bool all_high = std::ranges::all_of(y.substr(1, 30), [](char c) { return static_cast<unsigned char>(c) == 0xFF; }) && static_cast<unsigned char>(y[31]) == 0x7F;
    if (all_high && static_cast<unsigned char>(y[0]) >= 0xEC) return true;  // p − 1 (order 2) and everything from p on
    static const std::array<std::string, 4> small{
        *from_hex("0000000000000000000000000000000000000000000000000000000000000000"),  // order 4
        *from_hex("0100000000000000000000000000000000000000000000000000000000000000"),  // identity
        *from_hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),  // order 8
        *from_hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),  // order 8
    };
    return std::ranges::find(small, y) != small.end();
}

Result<std::pair<KeyType, std::string>> point_of(EVP_PKEY* key, std::string_view subject) {
    const auto malformed = [&](std::string detail) { return fail(ErrorCode::key_malformed, std::string(subject), std::move(detail)); };
    std::array<unsigned char, 133> raw{};
    std::size_t size = raw.size();
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) {
        if (EVP_PKEY_get_raw_public_key(key, raw.data(), &size) != 1 || size != k_ed25519_size) return malformed("not an Ed25519 key");
        auto point = text_of(raw.data(), size);
        if (is_unsafe_ed25519(point)) return malformed("a public key of small order: any signature would verify");
        return std::pair(KeyType::ed25519, std::move(point));
    }
    std::array<char, 32> group{};
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC || EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1 ||
        std::string_view(group.data()) != "prime256v1") {
        return malformed("only Ed25519 and ECDSA P-256 keys are supported");
    }
    EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, raw.data(), raw.size(), &size) != 1 || size != k_p256_size) {
        return malformed("not a P-256 point");
    }
    return std::pair(KeyType::ecdsa_p256, text_of(raw.data(), size));
}

Key key_from_point(KeyType type, std::string_view point) {
    if (type == KeyType::ed25519) return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(point), point.size()), EVP_PKEY_free};
    const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY* made = nullptr;
    std::string group = "prime256v1";
    std::string copy(point);
    std::array<OSSL_PARAM, 3> parameters{OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
                                         OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy.data(), copy.size()), OSSL_PARAM_construct_end()};
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
        return {nullptr, EVP_PKEY_free};
    }
    return {made, EVP_PKEY_free};
}

// Reads one field of the SSH wire format off the front; nullopt when it is cut short.
std::optional<std::string_view> take_string(std::string_view& wire) {
    if (wire.size() < 4) return std::nullopt;
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8U | static_cast<unsigned char>(wire[static_cast<std::size_t>(i)]);
    wire.remove_prefix(4);
    if (size > wire.size()) return std::nullopt;
    const auto field = wire.substr(0, size);
    wire.remove_prefix(size);
    return field;
}

int give_passphrase(char* buffer, int size, int, void* user) {
    const auto& passphrase = *static_cast<const std::string_view*>(user);
    if (passphrase.empty() || passphrase.size() > static_cast<std::size_t>(size)) return -1;
    std::ranges::copy(passphrase, buffer);
    return static_cast<int>(passphrase.size());
}

}  // namespace

struct PublicKey::Handle {
    Key key{nullptr, EVP_PKEY_free};
};

Result<PublicKey> PublicKey::from_pem(std::string_view pem, std::string_view subject) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
    auto handle = std::make_shared<Handle>();
    handle->key.reset(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    if (!handle->key) return fail(ErrorCode::key_malformed, std::string(subject), openssl_problem());
    const auto [type, point] = ENVLOCK_TRY(point_of(handle->key.get(), subject));
    PublicKey out;
    out.m_wire = wire_of(type, point);
    out.m_handle = std::move(handle);
    return out;
}

Result<PublicKey> PublicKey::from_openssh(std::string_view type, std::string_view base64_text, std::string_view subject) {
    const auto malformed = [&](std::string detail) { return fail(ErrorCode::key_malformed, std::string(subject), std::move(detail)); };
    const auto wire = from_base64(base64_text);
    if (!wire) return malformed("the key is not base64");
    std::string_view rest = *wire;
    if (take_string(rest) != type) return malformed("the key is not of the type named before it");
    const bool ed25519 = type == "ssh-ed25519";
    if (!ed25519 && type != "ecdsa-sha2-nistp256") return fail(ErrorCode::unsupported, std::string(subject), "key type " + escape_controls(type));
    if (!ed25519 && take_string(rest) != "nistp256") return malformed("the curve is not nistp256");
    const auto point = take_string(rest);
    if (!point || !rest.empty() || point->size() != (ed25519 ? k_ed25519_size : k_p256_size)) return malformed("the key has the wrong length");
    const auto kind = ed25519 ? KeyType::ed25519 : KeyType::ecdsa_p256;
    auto handle = std::make_shared<Handle>();
    handle->key = key_from_point(kind, *point);
    if (!handle->key) return malformed("not a point of the curve");
    const auto checked = ENVLOCK_TRY(point_of(handle->key.get(), subject));
    PublicKey out;
    out.m_wire = wire_of(checked.first, checked.second);
    out.m_handle = std::move(handle);
    return out;
}

KeyType PublicKey::type() const { return m_wire.find("nistp256") == std::string::npos ? KeyType::ed25519 : KeyType::ecdsa_p256; }

std::string PublicKey::fingerprint() const {
    auto text = base64(sha256_raw(m_wire));
    text.erase(text.find_last_not_of('=') + 1);
    return "SHA256:" + text;
}

std::string PublicKey::openssh_line() const {
    return std::string(type() == KeyType::ed25519 ? "ssh-ed25519 " : "ecdsa-sha2-nistp256 ") + base64(m_wire);
}

std::string PublicKey::to_pem() const {
    const Bio bio(BIO_new(BIO_s_mem()), BIO_free_all);
    if (PEM_write_bio_PUBKEY(bio.get(), m_handle->key.get()) != 1) return {};
    return bio_text(bio.get());
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
    const bool ed25519 = type() == KeyType::ed25519;
    if (ed25519 && signature.size() != 64) return false;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (EVP_DigestVerifyInit(context.get(), nullptr, ed25519 ? nullptr : EVP_sha256(), nullptr, m_handle->key.get()) != 1) return false;
    const bool right = EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
    ERR_clear_error();
    return right;
}

Result<std::string> PrivateKey::sign(std::string_view message) const {
    const bool ed25519 = m_public.type() == KeyType::ed25519;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::array<unsigned char, 128> out{};
    std::size_t size = out.size();
    if (EVP_DigestSignInit(context.get(), nullptr, ed25519 ? nullptr : EVP_sha256(), nullptr, m_handle->key.get()) != 1 ||
        EVP_DigestSign(context.get(), out.data(), &size, bytes_of(message), message.size()) != 1) {
        return fail(ErrorCode::internal, "signing", openssl_problem());
    }
    return text_of(out.data(), size);
}

Result<std::string> PrivateKey::to_pem(std::string_view passphrase) const {
    const Bio bio(BIO_new(BIO_s_mem()), BIO_free_all);
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> plain(EVP_PKEY2PKCS8(m_handle->key.get()), PKCS8_PRIV_KEY_INFO_free);
    bool written = false;
    if (passphrase.empty()) {
        written = plain && PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio.get(), plain.get()) == 1;
    } else if (plain) {
        // OpenSSL's own default is PBKDF2 with few rounds; scrypt makes guessing dear.
        X509_ALGOR* scheme = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, k_scrypt_n, 8, 1);
        const std::unique_ptr<X509_SIG, decltype(&X509_SIG_free)> sealed(
            scheme == nullptr ? nullptr : PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()), plain.get(), scheme), X509_SIG_free);
        written = sealed && PEM_write_bio_PKCS8(bio.get(), sealed.get()) == 1;
    }
    if (!written) return fail(ErrorCode::internal, "private key", openssl_problem());
    return bio_text(bio.get());
}

Result<PrivateKey> PrivateKey::adopt(void* key, std::string_view subject) {
    auto handle = std::make_shared<PublicKey::Handle>();
    handle->key.reset(static_cast<EVP_PKEY*>(key));
    const auto [type, point] = ENVLOCK_TRY(point_of(handle->key.get(), subject));
    PrivateKey out;
    out.m_public.m_wire = wire_of(type, point);
    out.m_public.m_handle = handle;
    out.m_handle = std::move(handle);
    return out;
}

Result<PrivateKey> generate_key(KeyType type) {
    EVP_PKEY* key = type == KeyType::ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    if (key == nullptr) return fail(ErrorCode::internal, "new key", openssl_problem());
    return PrivateKey::adopt(key, "new key");
}

Result<PrivateKey> read_private_key(std::string_view pem, std::string_view subject, std::string_view passphrase) {
    if (pem.find("BEGIN OPENSSH PRIVATE KEY") != std::string_view::npos) {
        return fail(ErrorCode::key_malformed, std::string(subject), "an OpenSSH private key; envlock reads PKCS#8 (\"BEGIN PRIVATE KEY\")");
    }
    const bool sealed = pem.find("BEGIN ENCRYPTED PRIVATE KEY") != std::string_view::npos;
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase);
    if (key == nullptr) {
        auto detail = openssl_problem();
        if (sealed) detail = passphrase.empty() ? "it is encrypted: set ENVLOCK_PASSPHRASE" : "the passphrase does not open it";
        return fail(ErrorCode::key_malformed, std::string(subject), detail.empty() ? "not a PEM private key" : detail);
    }
    return PrivateKey::adopt(key, subject);
}

Result<void> check_key_mode(std::uint32_t mode, const std::string& path) {
    if ((mode & 077U) == 0) return {};
    return fail(ErrorCode::key_exposed, path, "its mode lets the group or others at it");
}

}  // namespace envlock::sign
