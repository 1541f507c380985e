#pragma once

#include <envlock/host/network.hpp>

// The one function of the network module. `version` must equal the module's own, since C++
// objects cross the border.
namespace envlock::host {
inline constexpr int k_network_version = 3;
inline constexpr const char* k_make_network_name = "envlock_make_network";
using MakeNetwork = bool (*)(int version, const NetworkOptions* options, Network* out);
}  // namespace envlock::host
