#pragma once

#include <envlock/index/provenance.hpp>
#include <envlock/json/value.hpp>

namespace envlock::index {

// The file that is asked about.
struct AttestedFile {
    std::string name;
    std::string sha256;  // 32 raw bytes
};

// One attestation object of PEP 740, looked at as far as it holds.
Attestation check_attestation(const json::Value& attestation, const AttestedFile& file, const Publisher& publisher);

}  // namespace envlock::index
