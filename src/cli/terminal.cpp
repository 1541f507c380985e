#include "cli/terminal.hpp"

#include <envlock/base/text.hpp>

namespace envlock::cli {
namespace {

std::string painted(std::string_view text, std::string_view code, bool color) {
    return color ? "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m" : std::string(text);
}

}  // namespace

void show_error(Terminal& terminal, const Error& error) {
    const auto text = describe(error.code);
    terminal.err << painted("error", "1;31", terminal.color_err) << ": " << text.what;
    if (!error.subject.empty()) terminal.err << ": " << escape_controls(error.subject);
    terminal.err << "\n";
    if (!error.detail.empty()) terminal.err << "  " << escape_controls(error.detail) << "\n";
    if (!text.hint.empty()) terminal.err << painted("hint", "36", terminal.color_err) << ": " << text.hint << "\n";
}

void show_warning(Terminal& terminal, std::string_view text) {
    terminal.err << painted("warning", "33", terminal.color_err) << ": " << escape_controls(text) << "\n";
}

void say(Terminal& terminal, std::string_view text) {
    if (!terminal.quiet) terminal.err << text << "\n";
}

Exit exit_for(const Error& error) {
    switch (error.code) {
        case ErrorCode::signature_missing:
        case ErrorCode::signature_malformed:
        case ErrorCode::signature_bad:
        case ErrorCode::signer_untrusted:
        case ErrorCode::signer_expired:
        case ErrorCode::manifest_stale: return Exit::untrusted;
        case ErrorCode::network_unreachable: return Exit::unavailable;
        default: return Exit::error;
    }
}

void LineProgress::step(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!m_show) return;
    m_err << "\r\x1b[K" << escape_controls(what);
    if (total > 0) m_err << " " << done << "/" << total;
    else m_err << " …";
    m_err.flush();
    m_drawn = true;
}

void LineProgress::clear() {
    if (m_drawn) m_err << "\r\x1b[K" << std::flush;
    m_drawn = false;
}

}  // namespace envlock::cli
