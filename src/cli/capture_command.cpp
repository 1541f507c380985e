#include "cli/command.hpp"
#include "cli/levels.hpp"
#include "cli/signing.hpp"

#include <envlock/app/capture.hpp>
#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>
#include <envlock/sign/dsse.hpp>
#include <envlock/sign/verify.hpp>

#include <CLI/CLI.hpp>

#include <map>

namespace envlock::cli {
namespace {

// Where a server gives no byte ranges: what is read whole without being asked to, and with `--download`.
constexpr std::uint64_t k_small_files = 8U << 20U, k_whole_files = 1U << 30U;

struct CaptureOptions {
    std::string sign;
    std::string out;
    std::string level = "cached";
    std::vector<std::string> index_url, extra_index_url, find_links, trusted_host, cert, client_cert, proxy;
    bool no_index = false, offline = false, no_proof = false, download = false, vulns = false, to_stdout = false, as_json = false, force = false, no_sign = false;
};

std::vector<std::string> index_arguments(const CaptureOptions& options) {
    std::vector<std::string> out;
    const auto add = [&](const char* flag, const std::vector<std::string>& values) {
        for (const auto& value : values) {
            out.emplace_back(flag);
            out.push_back(value);
        }
    };
    add("--index-url", options.index_url);
    add("--extra-index-url", options.extra_index_url);
    add("--find-links", options.find_links);
    add("--trusted-host", options.trusted_host);
    add("--cert", options.cert);
    add("--client-cert", options.client_cert);
    add("--proxy", options.proxy);
    if (options.no_index) out.emplace_back("--no-index");
    return out;
}

std::map<std::string, int> evidence_counts(const Manifest& manifest) {
    std::map<std::string, int> out;
    for (const auto& layer : manifest.layers) {
        for (const auto& component : layer.components) {
            if (component.kind == "distribution") ++out[std::string(to_string(component.evidence))];
        }
    }
    return out;
}

std::string hundredths(std::int64_t value) {
    const auto part = value % 100;
    return std::to_string(value / 100) + (part < 10 ? ".0" : ".") + std::to_string(part);
}

std::string percent_outside(const Share& share) {
    if (share.total == 0) return "nothing to cover";
    const auto tenths = (share.total - share.covered) * 1000 / share.total;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

void print_summary(std::ostream& out, const Manifest& manifest, const std::string& path, const std::string& signer) {
    for (const auto& layer : manifest.layers) {
        out << layer.layer << std::string(layer.layer.size() < 10 ? 10 - layer.layer.size() : 1, ' ');
        if (layer.presence != Presence::present) out << to_string(layer.presence);
        else out << layer.components.size() << (layer.components.size() == 1 ? " component" : " components");
        std::map<std::string, int> rules;
        for (const auto& note : layer.notes) ++rules[note.rule.empty() ? "remarks" : note.rule];
        const char* glue = "; ";
        for (const auto& [rule, count] : rules) {
            out << glue << rule << (count > 1 ? " x" + std::to_string(count) : "");
            glue = ", ";
        }
        out << "\n";
    }
    const char* glue = "evidence  ";
    for (const auto& [word, count] : evidence_counts(manifest)) {
        out << glue << count << " " << word;
        glue = ", ";
    }
    if (*glue == ',') out << "\n";
    const auto& d = manifest.divergence;
    if (d.method == "none") out << "divergence not known: no Python packages of the base are in the Nix store\n";
    else out << "divergence " << hundredths(d.score) << " of 100 from the base (" << d.method << ")\n";
    out << "outside   the Nix pin: " << percent_outside(d.distributions) << " of distributions, " << percent_outside(d.files) << " of files, "
        << percent_outside(d.bytes) << " of bytes\n";
    out << "wrote     " << escape_controls(path) << ", sequence " << manifest.sequence << ", "
        << (signer.empty() ? std::string("not signed: `envlock key new` makes a key") : "signed by " + signer) << "\n";
    out << "environment " << environment_digest(manifest.layers) << "\n";
}

json::Value to_json(const Manifest& manifest, const std::string& path, const std::string& signer, const std::vector<std::string>& warnings, Exit exit) {
    json::Value out;
    out.set("verdict", to_string(exit));
    out.set("exitCode", static_cast<int>(exit));
    out.set("schema", "envlock.capture/1.0");
    out.set("manifest", path);
    out.set("sequence", manifest.sequence);
    out.set("environment", environment_digest(manifest.layers));
    out.set("signedBy", signer);
    json::Value evidence{json::Object{}};
    for (const auto& [word, count] : evidence_counts(manifest)) evidence.set(word, count);
    out.set("evidence", std::move(evidence));
    json::Array layers;
    for (const auto& layer : manifest.layers) {
        json::Value row;
        row.set("id", layer.layer);
        row.set("presence", to_string(layer.presence));
        row.set("components", static_cast<std::int64_t>(layer.components.size()));
        row.set("notes", static_cast<std::int64_t>(layer.notes.size()));
        layers.push_back(std::move(row));
    }
    out.set("layers", std::move(layers));
    json::Value divergence;
    divergence.set("points", manifest.divergence.points);
    divergence.set("score", manifest.divergence.score);
    out.set("divergence", std::move(divergence));
    json::Array texts;
    for (const auto& warning : warnings) texts.emplace_back(warning);
    out.set("warnings", std::move(texts));
    return out;
}

// Manifest and signature: the signature first goes, so that no old one can stand beside a new manifest.
Result<void> write_both(const World& world, const std::string& path, const std::string& bytes, const std::optional<std::string>& signature) {
    ENVLOCK_CHECK(world.write(path, bytes));
    if (signature) return world.write(path + ".sig", *signature);
    // An unsigned manifest must not keep the signature of the one before it.
    if (world.files().info(path + ".sig")) return world.write(path + ".sig", sign::encode_signatures({}));
    return {};
}

Result<Exit> run_capture(const CaptureOptions& options, World& world, Terminal& terminal) {
    const auto project = ENVLOCK_TRY(world.project());
    const auto policy = ENVLOCK_TRY(world.policy(project));
    const auto chosen = options.no_sign ? ChosenKey{} : choose_key(world, project, policy, options.sign);
    std::optional<sign::PrivateKey> key;
    if (!chosen.where.empty()) key = ENVLOCK_TRY(read_key(world, chosen));  // before the work, so that a bad key costs nothing
    const auto path = options.out.empty() ? join(project.root, app::manifest_name(world.globals().profile)) : world.absolute(options.out);
    const auto context = world.context(project, {.level = level_from(options.level), .ask_index = true, .prove = !options.no_proof, .download_limit = options.download ? k_whole_files : k_small_files, .vulnerabilities = options.vulns, .offline = options.offline, .index_arguments = index_arguments(options)});
    auto captured = ENVLOCK_TRY(app::capture(context, policy, {.profile = world.globals().profile, .tool_version = ENVLOCK_VERSION,
                                                               .manifest_path = options.to_stdout ? "" : path, .force = options.force}));
    world.progress().clear();
    for (const auto& warning : captured.warnings) show_warning(terminal, warning);
    const auto exit = captured.index_unreachable ? Exit::unavailable : Exit::clean;
    if (options.to_stdout) {
        terminal.out << captured.bytes;
        return exit;
    }
    std::optional<std::string> signature;
    if (key) signature = ENVLOCK_TRY(sign::sign_manifest(captured.bytes, *key, ""));
    ENVLOCK_CHECK(write_both(world, path, captured.bytes, signature));
    const auto signer = key ? key->public_key().fingerprint() : std::string();
    const auto shown = below(world.directory(), path).value_or(path);
    if (options.as_json) terminal.out << json::write(to_json(captured.manifest, shown, signer, captured.warnings, exit), json::Style::pretty) << "\n";
    else if (!terminal.quiet) print_summary(terminal.out, captured.manifest, shown, signer);
    if (captured.index_unreachable) {
        show_warning(terminal, "the index was not reached for some distributions: their published files are recorded as unverified; capture again, or pass --offline");
    }
    return exit;
}

}  // namespace

CommandRow add_capture_command(CLI::App& parent) {
    auto* command = parent.add_subcommand("capture", "Look at every layer and write the manifest, signed when a key is configured");
    auto options = std::make_shared<CaptureOptions>();
    command->add_flag("--offline", options->offline, "Do not use the network; published files come from the cache or are unverified");
    command->add_flag("--no-proof", options->no_proof, "Do not compare with the RECORD of published files; their evidence is `consistent` or `probable` then");
    command->add_flag("--download", options->download, "Read published files whole where a server gives no byte ranges, up to 1 GiB each, in memory");
    command->add_flag("--vulns", options->vulns, "Ask the index for known vulnerabilities of each installed release");
    command->add_option("--sign", options->sign, "Private key (PEM); default: ENVLOCK_KEY, envlock.toml, then the key that `key new` made");
    command->add_flag("--no-sign", options->no_sign, "Do not sign although a key is configured");
    command->add_option("-o,--output", options->out, "Where to write the manifest; default: envlock.lock in the project");
    command->add_flag("--stdout", options->to_stdout, "Write the manifest to standard output, unsigned, and no file");
    command->add_option("--level", options->level, "metadata, cached (default) or full")->check(CLI::IsMember({"metadata", "cached", "full"}));
    command->add_option("-i,--index-url", options->index_url, "As pip's; replaces the configured index");
    command->add_option("--extra-index-url", options->extra_index_url, "As pip's; repeatable");
    command->add_option("-f,--find-links", options->find_links, "As pip's: a folder, a file or a page of links; repeatable");
    command->add_flag("--no-index", options->no_index, "Ask no index; --find-links still counts");
    command->add_option("--trusted-host", options->trusted_host, "As pip's: HOST or HOST:PORT whose certificate is not checked; repeatable");
    command->add_option("--cert", options->cert, "As pip's: certificate authorities (PEM)");
    command->add_option("--client-cert", options->client_cert, "As pip's: client certificate and key in one file (PEM)");
    command->add_option("--proxy", options->proxy, "As pip's: the proxy for every request");
    command->add_flag("--force", options->force, "Replace an existing file that is not a manifest");
    command->add_flag("--json", options->as_json, "Print what was done as JSON");
    return {command, [options](World& world, Terminal& terminal) { return run_capture(*options, world, terminal); }};
}

}  // namespace envlock::cli
