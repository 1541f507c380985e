#pragma once

#include <envlock/base/digest.hpp>
#include <envlock/json/value.hpp>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Attestations as PEP 740 has them, really signed, by a key and a certificate made for the test.
namespace envlock::test {

using KeyPair = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

inline KeyPair ec_key(const char* curve = "P-256") { return {EVP_EC_gen(curve), EVP_PKEY_free}; }
inline KeyPair rsa_key() { return {EVP_RSA_gen(2048), EVP_PKEY_free}; }

inline std::string utf8_der(std::string_view text) {  // short texts only
    return std::string("\x0c").append(1, static_cast<char>(text.size())).append(text);
}

struct CertificateText {
    std::string san = "URI:https://github.com/owner/name/.github/workflows/release.yml@refs/heads/main";
    // Number below 1.3.6.1.4.1.57264.1, raw value.
    std::vector<std::pair<std::string, std::string>> extensions{
        {"8", utf8_der("https://token.actions.githubusercontent.com")},
        {"12", utf8_der("https://github.com/owner/name")},
        {"14", utf8_der("refs/heads/main")},
        {"18", utf8_der("https://github.com/owner/name/.github/workflows/release.yml@refs/heads/main")},
    };
};

inline void add_extension(X509* certificate, const std::string& number, std::string value) {
    const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> oid(OBJ_txt2obj(("1.3.6.1.4.1.57264.1." + number).c_str(), 1), ASN1_OBJECT_free);
    const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> octets(ASN1_OCTET_STRING_new(), ASN1_OCTET_STRING_free);
    ASN1_OCTET_STRING_set(octets.get(), reinterpret_cast<const unsigned char*>(value.data()), static_cast<int>(value.size()));
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made(X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), 0, octets.get()), X509_EXTENSION_free);
    X509_add_ext(certificate, made.get(), -1);
}

// Self-signed, DER.
inline std::string certificate_der(EVP_PKEY* key, const CertificateText& text = {}) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 600);
    X509_set_pubkey(certificate.get(), key);
    if (!text.san.empty()) {
        const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> san(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, text.san.c_str()), X509_EXTENSION_free);
        X509_add_ext(certificate.get(), san.get(), -1);
    }
    for (const auto& [number, value] : text.extensions) add_extension(certificate.get(), number, value);
    if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) throw std::runtime_error("certificate not signed");
    unsigned char* data = nullptr;
    const int size = i2d_X509(certificate.get(), &data);
    std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return der;
}

inline std::string dsse_signature(EVP_PKEY* key, const std::string& statement, const std::string& type = "application/vnd.in-toto+json") {
    const auto message = "DSSEv1 " + std::to_string(type.size()) + " " + type + " " + std::to_string(statement.size()) + " " + statement;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::string out(1024, '\0');
    std::size_t size = out.size();
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, reinterpret_cast<const unsigned char*>(message.data()), message.size()) != 1) {
        throw std::runtime_error("statement not signed");
    }
    out.resize(size);
    return out;
}

inline json::Value subject(std::string_view name, std::string_view sha256) {
    json::Value digest, out;
    digest.set("sha256", sha256);
    out.set("name", name);
    out.set("digest", std::move(digest));
    return out;
}

inline json::Value statement(json::Array subjects, std::string_view predicate_type = "https://docs.index.example/attestations/publish/v1") {
    json::Value out;
    out.set("_type", "https://in-toto.io/Statement/v1");
    out.set("subject", std::move(subjects));
    out.set("predicateType", predicate_type);
    out.set("predicate", json::Value());
    return out;
}

inline json::Value attestation(std::string_view certificate, std::string_view statement, std::string_view signature) {
    json::Value material, envelope, entry, out;
    entry.set("logIndex", "1");
    material.set("certificate", base64(certificate));
    material.set("transparency_entries", json::Array{std::move(entry)});
    envelope.set("statement", base64(statement));
    envelope.set("signature", base64(signature));
    out.set("version", 1);
    out.set("verification_material", std::move(material));
    out.set("envelope", std::move(envelope));
    return out;
}

// A statement, signed by a new key under a new certificate.
inline json::Value attest(const json::Value& statement, const CertificateText& text = {}) {
    const auto key = ec_key();
    const auto bytes = json::write(statement, json::Style::compact);
    return attestation(certificate_der(key.get(), text), bytes, dsse_signature(key.get(), bytes));
}

inline json::Value github_publisher(std::string_view repository = "owner/name", std::string_view workflow = "release.yml") {
    json::Value out;
    out.set("kind", "GitHub");
    out.set("repository", repository);
    out.set("workflow", workflow);
    out.set("environment", "pypi");
    return out;
}

inline json::Value bundle(json::Value publisher, json::Array attestations) {
    json::Value out;
    out.set("publisher", std::move(publisher));
    out.set("attestations", std::move(attestations));
    return out;
}

inline std::string provenance(json::Array bundles) {
    json::Value out;
    out.set("version", 1);
    out.set("attestation_bundles", std::move(bundles));
    return json::write(out, json::Style::pretty);
}

}  // namespace envlock::test
