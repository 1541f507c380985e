#pragma once

#include "cli/world.hpp"

#include <envlock/sign/keys.hpp>

namespace envlock::cli {

// Where `key new` puts the key and `capture` looks for it: envlock's folder below $XDG_CONFIG_HOME.
std::string default_key_path(const World& world);

struct ChosenKey {
    std::string where;  // "--sign", "ENVLOCK_KEY", "envlock.toml", "default"; "" when there is none
    std::string path;   // or the PEM itself for ENVLOCK_KEY
};

// --sign, then ENVLOCK_KEY (a path or the PEM text), then `[sign] key` of the policy, then the default path when a file is there.
ChosenKey choose_key(const World& world, const Project& project, const Policy& policy, const std::string& flag);

// Reads the key; refuses a file that others can read. The passphrase comes from ENVLOCK_PASSPHRASE.
Result<sign::PrivateKey> read_key(const World& world, const ChosenKey& chosen);

}  // namespace envlock::cli
