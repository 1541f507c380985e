#include <envlock/base/text.hpp>
#include <envlock/index/provenance.hpp>

#include "support/attested.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace envlock;

// What follows 's' is signed as a statement, and DER is put in as the certificate: no fuzzer gets
// there through base64 and a signature. Everything else is the whole object.
std::string body_of(std::string_view input) {
    static const auto key = test::ec_key();
    static const auto certificate = test::certificate_der(key.get());
    const auto around = [](json::Value attestation) { return test::provenance({test::bundle(test::github_publisher(), {std::move(attestation)})}); };
    if (input.starts_with('\x30')) return around(test::attestation(input, "{}", "no signature"));
    if (!input.starts_with('s')) return std::string(input);
    const std::string statement(input.substr(1));
    return around(test::attestation(certificate, statement, test::dsse_signature(key.get(), statement)));
}

}  // namespace

// Nothing is bound without a signature, and only what is bound makes an identity.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto sha256 = sha256_hex("the wheel");
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto seen = index::read_provenance(body_of(input), "x-1.0-py3-none-any.whl", sha256);
    if (!seen) return 0;
    bool bound = false;
    for (const auto& bundle : seen->bundles) {
        for (const auto& each : bundle.attestations) {
            bound = bound || each.state == "bound";
            if ((each.state == "bound") != each.reason.empty() || !is_valid_utf8(each.certificate.san) || !is_valid_utf8(each.certificate.source_repository)) std::abort();
        }
    }
    if (seen->state == "bound" && (!bound || seen->identity.empty())) std::abort();
    if (!seen->identity.empty() && !bound) std::abort();
    if (input.starts_with('\x30') && bound) std::abort();
    return 0;
}
