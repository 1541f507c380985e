#pragma once

#include <envlock/host/network.hpp>

namespace envlock::host {

std::unique_ptr<HttpTransport> make_curl_transport(const NetworkOptions& options);

}  // namespace envlock::host
