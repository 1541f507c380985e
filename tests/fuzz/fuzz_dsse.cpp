#include <envlock/sign/verify.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// Nothing but a real signature verifies, whatever the bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    static const auto key = sign::generate_key(sign::KeyType::ed25519);
    sign::TrustStore trust;
    trust.keys.push_back({.principal = "p", .key = key->public_key()});
    if (sign::verify_manifest("{}", {reinterpret_cast<const char*>(data), size}, trust, {})) std::abort();
    return 0;
}
