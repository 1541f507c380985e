#pragma once

#include <envlock/base/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace envlock::sign {

inline constexpr std::string_view k_payload_type = "application/vnd.in-toto+json";

struct Signature {
    std::string keyid;  // a hint; never decides anything
    std::string bytes;  // raw
    bool operator==(const Signature&) const = default;
};

// DSSE v1.0.2's pre-authentication encoding: what is signed.
std::string pre_authentication_encoding(std::string_view type, std::string_view body);

// envlock.lock.sig: a DSSE envelope without its payload, pretty, one trailing newline.
std::string encode_signatures(const std::vector<Signature>& signatures);

// Strict JSON; at most 32 signatures; unknown members are skipped, and so is a signature whose
// base64 is not canonical (either alphabet is). The payload type must be the one above.
Result<std::vector<Signature>> parse_signatures(std::string_view text, std::string_view subject);

}  // namespace envlock::sign
