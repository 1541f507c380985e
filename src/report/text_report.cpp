#include <envlock/report/text_report.hpp>

#include "report/wording.hpp"

#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock {
namespace {

using namespace report_detail;

constexpr std::size_t k_shown = 40;

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::string cut(std::string text, std::size_t most) {
    if (columns(text) <= most || most < 2) return text;
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80 && ++seen == most) break;
    }
    return text.substr(0, at) + "…";
}

std::string padded(std::string text, std::size_t width) {
    const auto have = columns(text);
    if (have < width) text.append(width - have, ' ');
    return text;
}

class TextReport {
public:
    TextReport(const Report& report, const TextStyle& style) : m_report(report), m_style(style) {}

    std::string run() {
        if (!m_style.summary) {
            header();
            layers();
            findings();
            unobserved();
            divergence();
            warnings();
            advice();
        }
        const auto color = m_report.exit == Exit::clean ? "32" : m_report.exit == Exit::drift ? "33" : "31";
        line(paint(escape_controls(verdict_line(m_report)), std::string("1;") + color), false);
        return std::move(m_out);
    }

private:
    std::string paint(const std::string& text, std::string_view code) const {
        return m_style.color ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
    }
    void line(std::string text, bool limited = true) {
        if (limited && m_style.width > 0 && !m_style.verbose) text = cut(std::move(text), static_cast<std::size_t>(m_style.width));
        while (text.ends_with(' ')) text.pop_back();
        m_out += text + "\n";
    }
    void heading(const std::string& text) { line(paint(text, "1"), false); }

    void header() {
        line(escape_controls(m_report.before_name) + " → " + escape_controls(m_report.after_name));
        if (!m_report.trust.empty()) line("trust: " + escape_controls(m_report.trust));
        m_out += "\n";
    }
    void layers() {
        for (const auto& l : m_report.layers) {
            line("  " + padded(escape_controls(l.id), 10) + padded(match_text(l), 44) + " " + points_text(l.points) + " points");
        }
        m_out += "\n";
    }
    // Worst last, next to the verdict; what does not fit is dropped from the harmless end.
    void findings() {
        const auto most = m_style.verbose ? m_report.findings.size() : std::min(m_report.findings.size(), k_shown);
        std::size_t name_width = 4;
        for (std::size_t i = 0; i < most; ++i) name_width = std::max(name_width, columns(name(m_report.findings[i])));
        name_width = std::min<std::size_t>(name_width, 32);
        if (most < m_report.findings.size()) line("  … " + std::to_string(m_report.findings.size() - most) + " less important ones: see --verbose");
        const Finding* last = nullptr;
        for (auto i = most; i-- > 0;) {
            const auto& f = m_report.findings[i];
            if (!last || last->severity != f.severity) heading(std::string(to_string(f.severity)));
            one(f, name_width);
            last = &f;
        }
        if (last) m_out += "\n";
    }
    static std::string name(const Finding& f) { return escape_controls(f.layer + "/" + f.component); }

    void one(const Finding& f, std::size_t name_width) {
        auto values = f.level == "note" ? escape_controls(f.after_text) : escape_controls(or_absent(f.before_text)) + " → " + escape_controls(or_absent(f.after_text));
        line("  " + change_column(f) + "  " + padded(name(f), name_width) + "  " + values + "  +" + points_text(f.points) + "  " + escape_controls(f.rule) + " " +
             escape_controls(f.title));
        if (!f.suppressed_by.empty()) line("            suppressed by " + escape_controls(f.suppressed_by));
        const bool loud = m_style.verbose || f.severity >= Severity::high;
        if (!loud) return;
        if (!f.affected.empty()) line("            requested by " + escape_controls(joined(f.affected, " ← ")));
        const auto most = m_style.verbose ? f.details.size() : std::min<std::size_t>(f.details.size(), 3);
        for (std::size_t i = 0; i < most; ++i) line("            " + escape_controls(f.details[i]));
        if (most < f.details.size()) line("            … and more: see --verbose");
        if (m_style.verbose && f.location.line > 0) line("            at " + escape_controls(f.location.file) + ":" + std::to_string(f.location.line));
        if (m_style.verbose && !f.fix.empty()) line("            fix: " + escape_controls(f.fix));
    }
    void unobserved() {
        if (m_report.unobserved.empty()) return;
        heading("not checked");
        for (const auto& u : m_report.unobserved) {
            line("  ????????  " + escape_controls(u.layer + (u.component.empty() ? "" : "/" + u.component)) + "  " + escape_controls(u.why) + "  (up to +" + points_text(u.weight) + ")");
        }
        m_out += "\n";
    }
    void divergence() {
        const auto& d = m_report.divergence;
        if (d.method.empty() || d.method == "none") return;
        line("divergence from the pinned base: " + points_text(d.points) + " points; the base covers " + std::to_string(d.distributions.covered) + " of " +
             std::to_string(d.distributions.total) + " distributions");
        m_out += "\n";
    }
    void warnings() {
        for (const auto& warning : m_report.warnings) line("warning: " + escape_controls(warning));
        if (!m_report.warnings.empty()) m_out += "\n";
    }
    void advice() {
        const auto steps = what_to_do(m_report, 5);
        if (steps.empty()) return;
        heading("what to do");
        for (const auto& step : steps) line("  " + escape_controls(step), false);
        m_out += "\n";
    }

    const Report& m_report;
    const TextStyle& m_style;
    std::string m_out;
};

}  // namespace

std::string render_text(const Report& report, const TextStyle& style) { return TextReport(report, style).run(); }

}  // namespace envlock
