#include <envlock/base/error.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>

namespace envlock {
namespace {

struct Row {
    ErrorCode code;
    ErrorText text;
};

constexpr std::array k_rows{
    Row{ErrorCode::file_missing, {"file-missing", "file not found", "check the path"}},
    Row{ErrorCode::file_unreadable, {"file-unreadable", "file cannot be read", "check its permissions"}},
    Row{ErrorCode::file_too_large, {"file-too-large", "file is larger than envlock reads", ""}},
    Row{ErrorCode::file_not_regular, {"file-not-regular", "not a regular file", ""}},
    Row{ErrorCode::path_escapes, {"path-escapes", "path leaves the tree it belongs to", ""}},
    Row{ErrorCode::write_failed, {"write-failed", "file cannot be written", "check free space and permissions; the old file is unchanged"}},
    Row{ErrorCode::process_not_started, {"process-not-started", "program could not be started", "check that it is installed and in PATH"}},
    Row{ErrorCode::process_timed_out, {"process-timed-out", "program took too long and was stopped", ""}},
    Row{ErrorCode::process_failed, {"process-failed", "program reported a failure", ""}},
    Row{ErrorCode::network_offline, {"network-offline", "network is not used with --offline", "run again without --offline"}},
    Row{ErrorCode::network_unreachable, {"network-unreachable", "server cannot be reached", "check the network, the proxy and the index URL, or use --offline"}},
    Row{ErrorCode::http_status, {"http-status", "server answered with an error", ""}},
    Row{ErrorCode::response_too_large, {"response-too-large", "answer is larger than envlock accepts", ""}},
    Row{ErrorCode::response_malformed, {"response-malformed", "answer is not as the protocol says", "check that the URL is a package index"}},
    Row{ErrorCode::index_not_configured, {"index-not-configured", "no package index is configured", "set index-url in pip.conf, or pass --index-url"}},
    Row{ErrorCode::json_malformed, {"json-malformed", "not valid JSON", ""}},
    Row{ErrorCode::json_too_deep, {"json-too-deep", "JSON is nested deeper than envlock reads", ""}},
    Row{ErrorCode::text_malformed, {"text-malformed", "text is not as its format says", ""}},
    Row{ErrorCode::metadata_malformed, {"metadata-malformed", "package metadata is not as specified", ""}},
    Row{ErrorCode::lock_malformed, {"lock-malformed", "lock file is malformed", "run `nix flake lock`, or resolve the merge conflict"}},
    Row{ErrorCode::lock_unsupported, {"lock-unsupported", "lock file version is not supported", "versions 5 to 7 are read"}},
    Row{ErrorCode::elf_malformed, {"elf-malformed", "not a well-formed ELF object", ""}},
    Row{ErrorCode::zip_malformed, {"zip-malformed", "not a well-formed ZIP archive", ""}},
    Row{ErrorCode::manifest_malformed, {"manifest-malformed", "manifest is malformed", "restore it from git, or run `envlock capture`"}},
    Row{ErrorCode::manifest_unsupported, {"manifest-unsupported", "manifest is of a kind this envlock does not read", "use the envlock version that wrote it, or a newer one"}},
    Row{ErrorCode::signature_missing, {"signature-missing", "manifest is not signed", "run `envlock capture --sign KEY`"}},
    Row{ErrorCode::signature_malformed, {"signature-malformed", "signature file is malformed", "sign again with `envlock capture --sign KEY`"}},
    Row{ErrorCode::signature_bad, {"signature-bad", "signature does not match the manifest", "the manifest or its signature was changed after signing"}},
    Row{ErrorCode::signer_untrusted, {"signer-untrusted", "no trusted key made this signature", "add the signer's public key to .envlock/allowed_signers"}},
    Row{ErrorCode::signer_expired, {"signer-expired", "the signer's key is not valid at this time", "renew the key's entry in .envlock/allowed_signers"}},
    Row{ErrorCode::manifest_stale, {"manifest-stale", "manifest is older than one seen before", ""}},
    Row{ErrorCode::subject_mismatch, {"subject-mismatch", "file differs from the one the manifest was made with", "run `envlock capture` again, or restore the file"}},
    Row{ErrorCode::key_malformed, {"key-malformed", "not a usable key", "make one with `envlock key new`"}},
    Row{ErrorCode::key_exposed, {"key-exposed", "private key can be read by others", "run chmod 600 on it"}},
    Row{ErrorCode::secret_found, {"secret-found", "manifest holds what looks like a secret", "remove the secret from its source and capture again"}},
    Row{ErrorCode::config_malformed, {"config-malformed", "configuration is malformed", ""}},
    Row{ErrorCode::project_missing, {"project-missing", "no project found", "run it inside a project (a folder with flake.lock, .git or envlock.toml), or pass -C DIR"}},
    Row{ErrorCode::usage, {"usage", "wrong usage", "see --help"}},
    Row{ErrorCode::unsupported, {"unsupported", "not supported", ""}},
    Row{ErrorCode::interrupted, {"interrupted", "interrupted", ""}},
    Row{ErrorCode::internal, {"internal", "internal error", "please report it"}},
};
static_assert(k_rows.size() == static_cast<std::size_t>(ErrorCode::last_), "one row for each code");

}  // namespace

ErrorText describe(ErrorCode code) {
    const auto* row = std::ranges::find(k_rows, code, &Row::code);
    return row == k_rows.end() ? k_rows.back().text : row->text;
}

std::string to_line(const Error& error) {
    std::string line(describe(error.code).what);
    if (!error.subject.empty()) line += ": " + escape_controls(error.subject);
    if (!error.detail.empty()) line += " (" + escape_controls(error.detail) + ")";
    return line;
}

}  // namespace envlock
