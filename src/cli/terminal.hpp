#pragma once

#include <envlock/base/error.hpp>
#include <envlock/model/drift.hpp>
#include <envlock/ports/progress.hpp>

#include <iosfwd>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>

namespace envlock::cli {

// The three streams and what is known about them. stdout is the answer; stderr is everything else.
struct Terminal {
    std::ostream& out;
    std::ostream& err;
    std::istream& in;
    bool out_is_tty = false;
    bool err_is_tty = false;
    int width = 100;
    bool color_out = false;  // decided from --color, NO_COLOR and the terminal
    bool color_err = false;
    bool quiet = false;
    bool verbose = false;
};

// "error: what: subject" with detail and hint on lines of their own, escaped.
void show_error(Terminal& terminal, const Error& error);
void show_warning(Terminal& terminal, std::string_view text);
// A remark on stderr; nothing with -q.
void say(Terminal& terminal, std::string_view text);

// The exit code that an error means.
Exit exit_for(const Error& error);

// One line on a terminal's stderr, overwritten in place and removed at the end; nothing elsewhere.
class LineProgress final : public Progress {
public:
    LineProgress(std::ostream& err, bool show) : m_err(err), m_show(show) {}
    LineProgress(const LineProgress&) = delete;
    LineProgress& operator=(const LineProgress&) = delete;
    ~LineProgress() override { clear(); }
    void step(std::string_view what, std::uint64_t done, std::uint64_t total) override;
    void clear();

private:
    std::ostream& m_err;
    bool m_show;
    bool m_drawn = false;
};

}  // namespace envlock::cli
