#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace envlock {

// Every way envlock can fail, one row each in base/error.cpp (a test keeps the two equal).
enum class ErrorCode : std::uint8_t {
    file_missing,
    file_unreadable,
    file_too_large,
    file_not_regular,
    path_escapes,
    write_failed,
    process_not_started,
    process_timed_out,
    process_failed,
    network_offline,
    network_unreachable,
    http_status,
    response_too_large,
    response_malformed,
    index_not_configured,
    json_malformed,
    json_too_deep,
    text_malformed,
    metadata_malformed,
    lock_malformed,
    lock_unsupported,
    elf_malformed,
    zip_malformed,
    manifest_malformed,
    manifest_unsupported,
    signature_missing,
    signature_malformed,
    signature_bad,
    signer_untrusted,
    signer_expired,
    manifest_stale,
    subject_mismatch,
    key_malformed,
    key_exposed,
    secret_found,
    config_malformed,
    project_missing,
    usage,
    unsupported,
    interrupted,
    internal,
    last_,  // not an error: the number of rows
};

// Facts only. Wording, colour and exit status are chosen where the error is shown.
struct Error {
    ErrorCode code{};
    std::string subject;  // the path, package, program or URL it is about
    std::string detail;   // what the system or library said, or what to look at

    bool operator==(const Error&) const = default;
};

struct ErrorText {
    std::string_view slug;  // stable, machine-readable: "file-missing"
    std::string_view what;  // one clause, no full stop
    std::string_view hint;  // what to try next; may be empty
};

// The row of `code`; total: an unknown value gives the row of ErrorCode::internal.
ErrorText describe(ErrorCode code);

// "<what>: <subject> (<detail>)" with hostile characters escaped: for notes and logs.
std::string to_line(const Error& error);

}  // namespace envlock
