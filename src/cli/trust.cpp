#include "cli/trust.hpp"

#include <envlock/base/path.hpp>

namespace envlock::cli {

Result<app::VerifyRequest> trust_request(const World& world, const Project& project) {
    app::VerifyRequest out;
    out.now = world.clock().now_seconds();
    out.trust_name = join(project.root, ".envlock/allowed_signers");
    auto text = world.files().read(out.trust_name, 1U << 20U);
    if (text) out.trust_text = *std::move(text);
    else if (text.error().code != ErrorCode::file_missing) return tl::make_unexpected(text.error());
    return out;
}

}  // namespace envlock::cli
