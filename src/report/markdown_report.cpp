#include <envlock/report/markdown_report.hpp>

#include "report/wording.hpp"

#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock {
namespace {

using namespace report_detail;

constexpr std::size_t k_first = 10;
constexpr std::string_view k_head = "| change | component | before → after | points | severity | rule |\n|---|---|---|--:|---|---|\n";
constexpr std::size_t k_reserve = 400;  // for closing what is open and the line that counts the rest

std::string md(const std::string& text) {
    auto out = escape_markdown(text);
    if (out.size() <= 300) return out;
    // One absurdly long value must not push the others out. Cut before a character, not inside one.
    std::size_t at = 300;
    while (at > 0 && (static_cast<unsigned char>(out[at]) & 0xC0U) == 0x80) --at;
    while (at > 0 && out[at - 1] == '\\') --at;
    return out.substr(0, at) + "…";
}

std::string row(const Finding& f) {
    const auto values = f.level == "note" ? md(f.after_text) : md(or_absent(f.before_text)) + " → " + md(or_absent(f.after_text));
    return "| `" + change_column(f) + "` | " + md(f.layer + "/" + f.component) + " | " + values + " | " + points_text(f.points) + " | " +
           std::string(to_string(f.severity)) + (f.suppressed_by.empty() ? "" : ", suppressed by " + md(f.suppressed_by)) + " | " + md(f.rule) + " " + md(f.title) + " |\n";
}

class MarkdownReport {
public:
    MarkdownReport(const Report& report, std::size_t most) : m_report(report), m_most(most > k_reserve ? most - k_reserve : 0) {}

    std::string run() {
        m_out = "<!-- envlock:v1 -->\n**" + md(verdict_line(m_report)) + "**\n\n";
        m_out += md(m_report.before_name) + " → " + md(m_report.after_name) + (m_report.trust.empty() ? "" : " (" + md(m_report.trust) + ")") + "\n\n";
        layers();
        findings();
        list("Not checked", unobserved());
        list("What to do", escaped(what_to_do(m_report, 5)));
        list("Warnings", escaped(m_report.warnings));
        if (m_missing > 0) m_out += "\n" + std::to_string(m_missing) + " more rows are in the JSON report.\n";
        m_out += "\n<sub>" + md(m_report.metric) + ", policy " + md(m_report.policy_digest) + ", before " + md(m_report.before_digest) + ", after " + md(m_report.after_digest) + "</sub>\n";
        return std::move(m_out);
    }

private:
    bool add(const std::string& text) {
        if (m_full || m_out.size() + text.size() > m_most) {
            m_full = true;
            ++m_missing;
            return false;
        }
        m_out += text;
        return true;
    }
    static std::vector<std::string> escaped(const std::vector<std::string>& texts) {
        std::vector<std::string> out;
        for (const auto& text : texts) out.push_back(md(text));
        return out;
    }
    void layers() {
        m_out += "| layer | unchanged | added | removed | changed | points |\n|---|---|--:|--:|--:|--:|\n";
        for (const auto& l : m_report.layers) {
            add("| " + md(l.id) + " | " + md(match_text(l)) + " | " + std::to_string(l.added) + " | " + std::to_string(l.removed) + " | " + std::to_string(l.changed) + " | " +
                points_text(l.points) + " |\n");
        }
        m_out += "\n";
    }
    void findings() {
        const auto& all = m_report.findings;
        if (all.empty()) return;
        m_out += k_head;
        const auto first = std::min(all.size(), k_first);
        for (std::size_t i = 0; i < first; ++i) add(row(all[i]));
        m_out += "\n";
        if (all.size() == first) return;
        m_out += "<details><summary>" + std::to_string(all.size() - first) + " more</summary>\n\n" + std::string(k_head);
        for (std::size_t i = first; i < all.size(); ++i) add(row(all[i]));
        m_out += "\n</details>\n\n";
    }
    std::vector<std::string> unobserved() const {
        std::vector<std::string> out;
        for (const auto& u : m_report.unobserved) {
            out.push_back(md(u.layer + (u.component.empty() ? "" : "/" + u.component)) + ": " + md(u.why) + " (up to +" + points_text(u.weight) + ")");
        }
        return out;
    }
    void list(const std::string& title, const std::vector<std::string>& items) {
        if (items.empty() || m_full) {
            m_missing += items.size();
            return;
        }
        if (!add("**" + title + "**\n\n")) return;
        for (const auto& item : items) add("- " + item + "\n");
        m_out += "\n";
    }

    const Report& m_report;
    std::size_t m_most;
    std::string m_out;
    bool m_full = false;
    std::size_t m_missing = 0;
};

}  // namespace

std::string render_markdown(const Report& report, std::size_t max_chars) {
    // The reserve holds the footer only when its values are of their usual size.
    for (std::size_t room = max_chars;; room /= 2) {
        auto out = MarkdownReport(report, room).run();
        if (out.size() <= max_chars) return out;
        if (room == 0) return ("<!-- envlock:v1 -->\n**" + std::string(to_string(report.exit)) + "**\n").substr(0, max_chars);
    }
}

}  // namespace envlock
