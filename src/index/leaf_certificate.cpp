#include "index/leaf_certificate.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace envlock::index {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Oid = std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)>;
using Utf8 = std::unique_ptr<ASN1_UTF8STRING, decltype(&ASN1_UTF8STRING_free)>;
using Names = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

constexpr std::size_t k_most_bytes = 32U << 10U;  // real ones have two thousand
constexpr std::size_t k_most_text = 1024;

// SubjectPublicKeyInfo of P-256 as a named curve, up to and with the mark of an uncompressed point.
// Comparing bytes leaves no room for explicit curve parameters.
constexpr std::string_view k_p256_head = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
constexpr std::size_t k_p256_size = 91;

// Fulcio's extensions (docs/oid-info.md there). Up to .6 the value is bare text, from .8 on a UTF8String.
constexpr const char* k_issuer_bare = "1.3.6.1.4.1.57264.1.1";
constexpr const char* k_issuer = "1.3.6.1.4.1.57264.1.8";
constexpr const char* k_source_repository = "1.3.6.1.4.1.57264.1.12";
constexpr const char* k_source_commit = "1.3.6.1.4.1.57264.1.13";
constexpr const char* k_source_ref = "1.3.6.1.4.1.57264.1.14";
constexpr const char* k_build_config = "1.3.6.1.4.1.57264.1.18";

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
std::string_view text_of(const ASN1_STRING* value) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)), static_cast<std::size_t>(ASN1_STRING_length(value))};
}

auto malformed(std::string detail) { return fail(ErrorCode::signature_malformed, "certificate", std::move(detail)); }

Result<std::string> checked(std::string_view text, std::string_view what) {
    if (text.size() > k_most_text) return malformed(std::string(what) + " of the certificate is too long");
    if (!is_valid_utf8(text) || text.find('\0') != std::string_view::npos) return malformed(std::string(what) + " of the certificate is not text");
    return std::string(text);
}

// "" when there is none. An extension that is there twice could be read two ways.
Result<std::string> extension(X509* certificate, const char* id, bool bare) {
    const Oid oid(OBJ_txt2obj(id, 1), ASN1_OBJECT_free);
    const int at = X509_get_ext_by_OBJ(certificate, oid.get(), -1);
    if (at < 0) return std::string();
    const auto what = std::string("extension ") + id;
    if (X509_get_ext_by_OBJ(certificate, oid.get(), at) >= 0) return malformed(what + " of the certificate is there twice");
    const auto value = text_of(X509_EXTENSION_get_data(X509_get_ext(certificate, at)));
    if (bare) return checked(value, what);
    const auto* cursor = bytes_of(value);
    const Utf8 decoded(d2i_ASN1_UTF8STRING(nullptr, &cursor, static_cast<long>(value.size())), ASN1_UTF8STRING_free);
    if (!decoded || cursor != bytes_of(value) + value.size()) return malformed(what + " of the certificate is not a UTF8String");
    return checked(text_of(decoded.get()), what);
}

// "" when there is none, or when it is neither a URI nor an e-mail address.
Result<std::string> alternative_name(X509* certificate) {
    int critical = 0;
    const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)), GENERAL_NAMES_free);
    if (!names && critical != -1) return malformed("the certificate's alternative name cannot be read");
    if (!names || sk_GENERAL_NAME_num(names.get()) == 0) return std::string();
    if (sk_GENERAL_NAME_num(names.get()) > 1) return malformed("the certificate has more than one alternative name");
    int type = 0;
    const auto* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), 0), &type);
    if (type != GEN_URI && type != GEN_EMAIL) return std::string();
    return checked(text_of(static_cast<const ASN1_STRING*>(value)), "alternative name");
}

std::string public_key_of(X509* certificate) {
    unsigned char* data = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &data);
    std::string out;
    if (size > 0) out.assign(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return out;
}

std::string kind_of_key(X509* certificate) {
    const auto* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return "a key that libcrypto does not know";
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA: return "an RSA key";
        case EVP_PKEY_EC: return "an EC key of another curve or form";
        case EVP_PKEY_ED25519: return "an Ed25519 key";
        default: return "a key of another kind";
    }
}

Result<LeafCertificate> read_parts(X509* certificate) {
    LeafCertificate out;
    out.public_key = public_key_of(certificate);
    if (out.public_key.size() != k_p256_size || !out.public_key.starts_with(*from_hex(k_p256_head))) {
        return malformed("the certificate holds " + kind_of_key(certificate) + "; attestations are signed with ECDSA P-256");
    }
    auto& says = out.says;
    says.spki_sha256 = sha256_hex(out.public_key);
    says.san = ENVLOCK_TRY(alternative_name(certificate));
    says.issuer = ENVLOCK_TRY(extension(certificate, k_issuer, false));
    if (says.issuer.empty()) says.issuer = ENVLOCK_TRY(extension(certificate, k_issuer_bare, true));
    says.source_repository = ENVLOCK_TRY(extension(certificate, k_source_repository, false));
    says.source_commit = ENVLOCK_TRY(extension(certificate, k_source_commit, false));
    says.source_ref = ENVLOCK_TRY(extension(certificate, k_source_ref, false));
    says.workflow = ENVLOCK_TRY(extension(certificate, k_build_config, false));
    return out;
}

}  // namespace

Result<LeafCertificate> read_leaf(std::string_view der) {
    if (der.size() > k_most_bytes) return malformed("the certificate is too large");
    const auto* cursor = bytes_of(der);
    const Certificate certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())), X509_free);
    const bool whole = certificate && cursor == bytes_of(der) + der.size();
    auto out = whole ? read_parts(certificate.get()) : Result<LeafCertificate>(malformed("the certificate is not DER of X.509"));
    ERR_clear_error();
    return out;
}

bool verifies(const LeafCertificate& leaf, std::string_view message, std::string_view signature) {
    const auto* cursor = bytes_of(leaf.public_key);
    const Key key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(leaf.public_key.size())), EVP_PKEY_free);
    const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const bool good = key && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
                      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
    ERR_clear_error();
    return good;
}

}  // namespace envlock::index
