#include "cli/command.hpp"
#include "cli/signing.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>

namespace envlock::cli {
namespace {

struct KeyOptions {
    std::string action;
    std::string out;
    std::string type = "ed25519";
    std::string name;
    std::string format = "ssh";
    bool force = false;
    bool no_trust = false;
};

std::string key_path(const KeyOptions& options, const World& world) {
    return options.out.empty() ? default_key_path(world) : world.absolute(options.out);
}

// A trust store line must not be able to hold another line, or another field.
bool is_plain_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '@' || c == '.' || c == '-' || c == '_' || c == '+';
    });
}

std::string trust_line(const std::string& name, const sign::PrivateKey& key) {
    return name + " namespaces=\"envlock-manifest\" " + key.public_key().openssh_line() + "\n";
}

Result<void> add_to_trust_store(const World& world, const Project& project, const std::string& line, Terminal& terminal) {
    const auto path = join(project.root, ".envlock/allowed_signers");
    auto text = world.files().read(path, 1U << 20U);
    if (!text && text.error().code != ErrorCode::file_missing) return tl::make_unexpected(text.error());
    auto all = text ? *text : std::string();
    if (!all.empty() && !all.ends_with('\n')) all += '\n';
    ENVLOCK_CHECK(world.write(path, all + line));
    terminal.out << "trusted in  .envlock/allowed_signers (commit it; others review it there)\n";
    return {};
}

Result<Exit> make_key(const KeyOptions& options, World& world, Terminal& terminal) {
    const auto path = key_path(options, world);
    if (path.empty()) return fail(ErrorCode::usage, "key new", "no home folder here: pass --out FILE");
    if (world.files().info(path) && !options.force) {
        return fail(ErrorCode::usage, path, "a key is there already; `envlock key show` shows it, --out names another file, --force replaces it");
    }
    if (!options.name.empty() && !is_plain_name(options.name)) return fail(ErrorCode::usage, options.name, "a name is letters, digits and @ . - _ +");
    const auto key = ENVLOCK_TRY(sign::generate_key(options.type == "ecdsa-p256" ? sign::KeyType::ecdsa_p256 : sign::KeyType::ed25519));
    const auto variable = world.environment().find("ENVLOCK_PASSPHRASE");
    const auto pem = ENVLOCK_TRY(key.to_pem(variable == world.environment().end() ? "" : variable->second));
    ENVLOCK_CHECK(world.write(path, pem, 0600));
    const auto fingerprint = key.public_key().fingerprint();
    terminal.out << "private key " << escape_controls(path) << "\nfingerprint " << fingerprint << "\n";
    const auto name = options.name.empty() ? "signer-" + fingerprint.substr(7, 8) : options.name;
    const auto line = trust_line(is_plain_name(name) ? name : "signer", key);
    const auto project = world.project();
    if (project && !options.no_trust && world.files().info(join(project->root, ".envlock/allowed_signers"))) {
        ENVLOCK_CHECK(add_to_trust_store(world, *project, line, terminal));
    } else {
        terminal.out << "public line " << line;
        say(terminal, "put the public line into .envlock/allowed_signers of each project that shall trust it");
    }
    return Exit::clean;
}

Result<Exit> show_key(const KeyOptions& options, World& world, Terminal& terminal) {
    const auto path = key_path(options, world);
    if (path.empty() || !world.files().info(path)) return fail(ErrorCode::file_missing, path, "no signing key; `envlock key new` makes one");
    const auto key = ENVLOCK_TRY(read_key(world, {"key", path}));
    if (options.action == "export") {
        if (options.format == "spki") terminal.out << key.public_key().to_pem();
        else terminal.out << key.public_key().openssh_line() << "\n";
        return Exit::clean;
    }
    terminal.out << "private key " << escape_controls(path) << "\nfingerprint " << key.public_key().fingerprint() << "\npublic key  " << key.public_key().openssh_line() << "\n";
    return Exit::clean;
}

}  // namespace

CommandRow add_key_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("key", "Make a signing key, show it, or export its public half");
    auto options = std::make_shared<KeyOptions>();
    command->require_subcommand(1);
    auto* make = command->add_subcommand("new", "Make a key pair; the private key is readable by you only");
    make->add_option("--type", options->type, "ed25519, or ecdsa-p256 for cosign and key services")
        ->check(CLI::IsMember({"ed25519", "ecdsa-p256"}))
        ->capture_default_str();
    make->add_option("--name", options->name, "Name in the trust store; default: from the fingerprint");
    make->add_flag("--force", options->force, "Replace an existing key");
    make->add_flag("--no-trust", options->no_trust, "Do not add the public key to .envlock/allowed_signers");
    auto* show = command->add_subcommand("show", "Fingerprint and public key");
    auto* give = command->add_subcommand("export", "The public key alone");
    give->add_option("--format", options->format, "ssh (one line) or spki (PEM)")->check(CLI::IsMember({"ssh", "spki"}))->capture_default_str();
    for (auto* sub : {make, show, give}) {
        sub->add_option("--out,--key", options->out, "File of the private key; default: signing.key in envlock's configuration folder");
        sub->callback([options, sub] { options->action = sub->get_name(); });
    }
    return {command, [options](World& world, Terminal& terminal) {
                return options->action == "new" ? make_key(*options, world, terminal) : show_key(*options, world, terminal);
            }};
}

}  // namespace envlock::cli
