#pragma once

#include <envlock/index/provenance.hpp>
#include <envlock/json/value.hpp>

namespace envlock::index {

Result<Publisher> read_publisher(const json::Value& value, std::string_view subject);

// Does the certificate speak of the publisher that the index names? true: both name the same; false:
// there is nothing to compare; an Error: they name two.
Result<bool> same_publisher(const Publisher& publisher, const SigningCertificate& certificate);

}  // namespace envlock::index
