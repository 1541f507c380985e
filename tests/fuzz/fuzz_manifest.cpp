#include <envlock/codec/manifest_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// What decodes is written in one form: encoding and decoding again changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const auto manifest = decode_manifest({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!manifest) return 0;
    const auto bytes = encode_manifest(*manifest);
    const auto again = decode_manifest(bytes, "fuzz");
    if (!again || encode_manifest(*again) != bytes) std::abort();
    return 0;
}
