#pragma once

#include "cli/world.hpp"

#include <envlock/app/verify.hpp>

namespace envlock::cli {

// The verify request of this project: the trust store's text (missing = empty) and the time.
Result<app::VerifyRequest> trust_request(const World& world, const Project& project);

}  // namespace envlock::cli
