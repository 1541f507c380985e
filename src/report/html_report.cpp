#include <envlock/report/html_report.hpp>

#include "report/wording.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>
#include <envlock/report/json_report.hpp>

#include <algorithm>

namespace envlock {
namespace {

using namespace report_detail;

constexpr std::size_t k_rows = 2'000;
constexpr std::size_t k_raw = 768U << 10U;

// Orange and blue, not red and green; the words carry the meaning anyway.
constexpr std::string_view k_style = R"css(
:root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--line:#c9c9d1;--bad:#a33b00;--good:#00558c}
@media (prefers-color-scheme:dark){:root{--ink:#ececf1;--paper:#17171b;--line:#44444d;--bad:#ffb088;--good:#8ecbff}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:2rem auto;padding:0 1rem}
.verdict{border-left:.5rem solid var(--bad);padding:.5rem 1rem;font-size:1.15rem}.clean{border-color:var(--good)}
table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-weight:600}
th,td{border-bottom:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
.n{text-align:right;white-space:nowrap}code{font-family:ui-monospace,monospace;white-space:pre-wrap}svg{fill:var(--bad)}
@media print{body{max-width:none;margin:0}}
)css";

std::string h(const std::string& text) { return escape_html(text); }
std::string cell(const std::string& html) { return "<td>" + html + "</td>"; }
std::string number(const std::string& text) { return "<td class=\"n\">" + text + "</td>"; }

void unicode_escape(std::string& out, std::uint32_t unit) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[(unit >> static_cast<unsigned>(shift)) & 15U];
}

// Inside a script element only "</script" and "<!--" could end or change it: no "<" is left.
// Everything beyond ASCII is escaped too, so that no invisible character reorders the source.
std::string safe_json(const Report& report) {
    const auto text = render_json(report);  // valid UTF-8 by construction
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        std::uint32_t point = length == 1 ? byte : byte & (0x7FU >> length);
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k) point = (point << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        i += length;
        if (point > 0xFFFF) {
            unicode_escape(out, 0xD800U + ((point - 0x10000U) >> 10U));
            unicode_escape(out, 0xDC00U + ((point - 0x10000U) & 0x3FFU));
        } else if (point >= 0x7F || point == '<' || point == '>' || point == '&') {
            unicode_escape(out, point);
        } else {
            out += static_cast<char>(point);
        }
    }
    return out;
}

class HtmlReport {
public:
    explicit HtmlReport(const Report& report) : m_report(report) {}

    std::string run() {
        head();
        advice();
        layers();
        findings();
        unobserved();
        suppressed();
        divergence();
        warnings();
        provenance();
        m_out += "</main>\n</body>\n</html>\n";
        return std::move(m_out);
    }

private:
    void head() {
        m_out += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-" +
                 base64(sha256_raw(k_style)) + "'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>envlock: " +
                 h(std::string(to_string(m_report.exit))) + "</title>\n<style>" + std::string(k_style) + "</style>\n</head>\n<body>\n<main>\n<h1>Environment drift</h1>\n";
        m_out += std::string("<p class=\"verdict") + (m_report.exit == Exit::clean ? " clean" : "") + "\"><strong>" + h(verdict_line(m_report)) + "</strong></p>\n";
        m_out += "<p>" + h(m_report.before_name) + " → " + h(m_report.after_name) + "</p>\n";
    }
    void list(const std::string& title, const std::vector<std::string>& items) {
        if (items.empty()) return;
        m_out += "<h2>" + title + "</h2>\n<ul>\n";
        for (std::size_t i = 0; i < std::min(items.size(), k_rows); ++i) m_out += "<li>" + h(items[i]) + "</li>\n";
        m_out += "</ul>\n";
    }
    void advice() { list("What to do", what_to_do(m_report, 5)); }
    void layers() {
        m_out += "<h2>Layers</h2>\n<table>\n<caption>What is the same and what moved</caption>\n<thead><tr><th scope=\"col\">layer</th><th scope=\"col\">unchanged</th>"
                 "<th scope=\"col\">added</th><th scope=\"col\">removed</th><th scope=\"col\">changed</th><th scope=\"col\">points</th><th scope=\"col\">share</th></tr></thead>\n<tbody>\n";
        for (const auto& l : m_report.layers) {
            const auto percent = m_report.points > 0 ? static_cast<std::int64_t>(static_cast<long double>(l.points) * 100 / static_cast<long double>(m_report.points)) : 0;
            m_out += "<tr><th scope=\"row\">" + h(l.id) + "</th>" + cell(h(match_text(l))) + number(std::to_string(l.added)) + number(std::to_string(l.removed)) +
                     number(std::to_string(l.changed)) + number(points_text(l.points)) + cell(bar(percent)) + "</tr>\n";
        }
        m_out += "</tbody>\n</table>\n";
    }
    static std::string bar(std::int64_t percent) {
        const auto text = std::to_string(std::clamp<std::int64_t>(percent, 0, 100));
        return "<svg role=\"img\" width=\"100\" height=\"10\" viewBox=\"0 0 100 10\"><title>" + text + " % of the points</title><rect width=\"" + text + "\" height=\"10\"/></svg>";
    }
    void findings() {
        std::vector<const Finding*> open;
        for (const auto& f : m_report.findings) {
            if (f.suppressed_by.empty()) open.push_back(&f);
        }
        m_out += "<h2>Findings</h2>\n";
        if (open.empty()) {
            m_out += "<p>None.</p>\n";
            return;
        }
        m_out += "<table>\n<caption>Every difference and what it contributes</caption>\n<thead><tr><th scope=\"col\">change</th><th scope=\"col\">component</th><th scope=\"col\">before → after</th>"
                 "<th scope=\"col\">severity</th><th scope=\"col\">points</th><th scope=\"col\">share</th><th scope=\"col\">rule</th></tr></thead>\n<tbody>\n";
        for (std::size_t i = 0; i < std::min(open.size(), k_rows); ++i) one(*open[i]);
        m_out += "</tbody>\n</table>\n";
        if (open.size() > k_rows) m_out += "<p>" + std::to_string(open.size() - k_rows) + " more are in the JSON report.</p>\n";
        m_out += "<details><summary>How to read the change column</summary><p>1 level of the version (E M m u p l), 2 H other bytes, 3 S other source, 5 C compatibility, "
                 "6 I integrity, 7 &lt; down &gt; up, 8 : suppressed; all + added, all - removed.</p></details>\n";
    }
    void one(const Finding& f) {
        const auto values = f.level == "note" ? h(f.after_text) : h(or_absent(f.before_text)) + " → " + h(or_absent(f.after_text));
        std::string about = h(f.rule) + " " + h(f.title);
        if (!f.affected.empty()) about += "<br>requested by " + h(joined(f.affected, " ← "));
        if (f.location.line > 0) about += "<br>" + h(f.location.file) + ":" + std::to_string(f.location.line);
        if (!f.details.empty()) {
            about += "<details><summary>details</summary><ul>";
            for (std::size_t i = 0; i < std::min<std::size_t>(f.details.size(), 25); ++i) about += "<li>" + h(f.details[i]) + "</li>";
            about += "</ul></details>";
        }
        if (!f.fix.empty()) about += "<br>fix: " + h(f.fix);
        m_out += "<tr>" + cell("<code>" + h(change_column(f)) + "</code>") + cell(h(f.layer + "/" + f.component)) + cell(values) + cell(std::string(to_string(f.severity))) +
                 number(points_text(f.points)) + number(percent_text(f.share)) + cell(about) + "</tr>\n";
    }
    void unobserved() {
        std::vector<std::string> items;
        for (const auto& u : m_report.unobserved) {
            items.push_back("???????? " + u.layer + (u.component.empty() ? "" : "/" + u.component) + ": " + u.why + " (up to +" + points_text(u.weight) + " points)");
        }
        list("Not checked", items);
    }
    void suppressed() {
        std::vector<std::string> items;
        for (const auto& f : m_report.findings) {
            if (!f.suppressed_by.empty()) items.push_back(change_column(f) + " " + f.layer + "/" + f.component + ": " + f.rule + " " + f.title + " (ignored by " + f.suppressed_by + ")");
        }
        list("Suppressed", items);
    }
    void divergence() {
        const auto& d = m_report.divergence;
        if (d.method.empty() || d.method == "none") return;
        m_out += "<h2>Divergence from the pinned base</h2>\n<p>" + points_text(d.points) + " points; the base covers " + std::to_string(d.distributions.covered) + " of " +
                 std::to_string(d.distributions.total) + " distributions.</p>\n";
    }
    void warnings() { list("Warnings", m_report.warnings); }
    void provenance() {
        m_out += "<h2>Provenance</h2>\n<dl>\n";
        for (const auto& [name, value] : {std::pair<const char*, const std::string&>{"trust", m_report.trust}, {"metric", m_report.metric}, {"policy", m_report.policy_digest},
                                          {"before", m_report.before_digest}, {"after", m_report.after_digest}, {"gate", m_report.gate}}) {
            if (!value.empty()) m_out += "<dt>" + std::string(name) + "</dt><dd><code>" + h(value) + "</code></dd>\n";
        }
        m_out += "</dl>\n";
        const auto raw = safe_json(m_report);
        if (raw.size() <= k_raw) m_out += "<script type=\"application/json\" id=\"report\">\n" + raw + "</script>\n";
    }

    const Report& m_report;
    std::string m_out;
};

}  // namespace

std::string render_html(const Report& report) { return HtmlReport(report).run(); }

}  // namespace envlock
