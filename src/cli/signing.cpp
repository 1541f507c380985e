#include "cli/signing.hpp"

#include <envlock/base/path.hpp>

namespace envlock::cli {

std::string default_key_path(const World& world) {
    const auto folder = world.config_folder();
    return folder.empty() ? "" : join(folder, "signing.key");
}

ChosenKey choose_key(const World& world, const Project& project, const Policy& policy, const std::string& flag) {
    if (!flag.empty()) return {"--sign", world.absolute(flag)};
    const auto variable = world.environment().find("ENVLOCK_KEY");
    if (variable != world.environment().end() && !variable->second.empty()) {
        const bool pem = variable->second.starts_with("-----BEGIN");
        return {"ENVLOCK_KEY", pem ? variable->second : world.absolute(variable->second)};
    }
    if (!policy.signing_key.empty()) return {"envlock.toml", resolve_lexically(project.root, policy.signing_key)};
    const auto path = default_key_path(world);
    if (!path.empty() && world.files().info(path)) return {"default", path};
    return {};
}

Result<sign::PrivateKey> read_key(const World& world, const ChosenKey& chosen) {
    const auto variable = world.environment().find("ENVLOCK_PASSPHRASE");
    const auto passphrase = variable == world.environment().end() ? std::string() : variable->second;
    if (chosen.path.starts_with("-----BEGIN")) return sign::read_private_key(chosen.path, chosen.where, passphrase);
    const auto info = ENVLOCK_TRY(world.files().info(ENVLOCK_TRY(world.files().real_path(chosen.path))));
    ENVLOCK_CHECK(sign::check_key_mode(info.mode, chosen.path));
    return sign::read_private_key(ENVLOCK_TRY(world.files().read(chosen.path, 64U << 10U)), chosen.path, passphrase);
}

}  // namespace envlock::cli
