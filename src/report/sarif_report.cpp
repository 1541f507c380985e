#include <envlock/report/sarif_report.hpp>

#include "report/wording.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>

#include <algorithm>
#include <map>

namespace envlock {
namespace {

using namespace report_detail;
using json::Array;
using json::Object;
using json::Value;

constexpr std::size_t k_results = 25'000;

std::string level_of(Severity severity) {
    if (severity >= Severity::high) return "error";
    return severity == Severity::info ? "note" : "warning";
}

// Code scanning turns these into critical, high, medium and low.
std::string security_severity(Severity severity) {
    switch (severity) {
        case Severity::critical: return "9.5";
        case Severity::high: return "8.0";
        case Severity::medium: return "5.0";
        case Severity::low: return "2.0";
        case Severity::info: return "0.1";
    }
    return "0.1";
}

std::string text_or(std::string_view text, std::string_view otherwise) {
    auto out = escape_controls(text.empty() ? otherwise : text);
    if (out.size() <= 1000) return out;
    std::size_t at = 1000;
    while (at > 0 && (static_cast<unsigned char>(out[at]) & 0xC0U) == 0x80) --at;
    return out.substr(0, at) + "…";
}

Value message(std::string_view text, std::string_view otherwise) { return Object{{"text", text_or(text, otherwise)}}; }

Value rule_json(const Finding& f) {
    const auto id = text_or(f.rule, "ENV000");
    const auto tags = Array{"drift", text_or(f.layer, "environment")};
    return Object{
        {"id", id},
        {"name", id},
        {"shortDescription", message(f.title, id)},
        {"fullDescription", message(f.title, id)},
        {"help", message("run `envlock explain " + id + "`", id)},
        {"defaultConfiguration", Object{{"level", level_of(f.severity)}}},
        {"properties", Object{{"precision", "very-high"}, {"security-severity", security_severity(f.severity)}, {"tags", tags}}},
    };
}

// A relative, safe URI reference: everything unusual in the file name is percent-encoded.
std::string uri(const std::string& file) {
    if (file.empty()) return "envlock.lock";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : file) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-._~/").find(c) != std::string_view::npos;
        if (plain && !(out.empty() && c == '/')) out += c;
        else if (!plain) out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return out.empty() ? "envlock.lock" : out;
}

// Versions, and the rule that follows from them, are left out, so that the next bump of the same
// component is the same alert; remarks are told apart by their rule and what they are about.
std::string fingerprint(const Finding& f) {
    const auto what = f.level == "note" ? f.rule + "|" + f.after_text : std::string("change");
    return sha256_hex(what + "|" + f.layer + "|" + f.component + "|" + f.location.file);
}

Value result_json(const Finding& f, std::int64_t index, std::string print) {
    const auto change = f.level == "note" ? f.after_text : or_absent(f.before_text) + " → " + or_absent(f.after_text);
    const auto text = change_column(f) + " " + f.layer + "/" + f.component + " " + change + ": " + f.title + " (+" + points_text(f.points) + " points)" + (f.fix.empty() ? "" : ". " + f.fix);
    const auto line = std::max<std::int64_t>(f.location.line, 1);
    const auto place = Object{{"artifactLocation", Object{{"uri", uri(f.location.file)}, {"uriBaseId", "%SRCROOT%"}}}, {"region", Object{{"startLine", line}}}};
    Object out{
        {"ruleId", text_or(f.rule, "ENV000")},
        {"ruleIndex", index},
        {"level", level_of(f.severity)},
        {"message", message(text, f.rule)},
        {"locations", Array{Object{{"physicalLocation", place}}}},
        {"partialFingerprints", Object{{"primaryLocationLineHash", std::move(print)}}},
        {"properties", Object{{"points", f.points}, {"severity", std::string(to_string(f.severity))}}},
    };
    if (!f.suppressed_by.empty()) out.emplace_back("suppressions", Array{Object{{"kind", "external"}, {"justification", text_or(f.suppressed_by, "ignored")}}});
    return out;
}

}  // namespace

std::string render_sarif(const Report& report) {
    Array rules, results;
    std::map<std::string, std::int64_t> index;
    std::map<std::string, int> seen;
    for (const auto& f : report.findings) {
        if (results.size() == k_results) break;
        const auto [at, fresh] = index.emplace(f.rule, std::ssize(rules));
        if (fresh) rules.push_back(rule_json(f));
        const auto print = fingerprint(f);
        results.push_back(result_json(f, at->second, print + ":" + std::to_string(++seen[print])));
    }
    const auto driver = Object{{"name", "envlock"}, {"rules", std::move(rules)}};
    // Code scanning must not read "could not look" as "nothing found".
    Array notices;
    for (const auto& u : report.unobserved) {
        notices.emplace_back(Object{{"level", "warning"}, {"message", message("not checked: " + u.layer + (u.component.empty() ? "" : "/" + u.component) + ": " + u.why, "not checked")}});
    }
    for (const auto& warning : report.warnings) notices.emplace_back(Object{{"level", "warning"}, {"message", message(warning, "warning")}});
    const auto invocation = Object{{"executionSuccessful", report.exit != Exit::error && report.exit != Exit::unavailable},
                                   {"exitCode", static_cast<std::int64_t>(report.exit)}, {"toolExecutionNotifications", std::move(notices)}};
    const auto run = Object{{"tool", Object{{"driver", driver}}}, {"automationDetails", Object{{"id", "envlock/"}}}, {"invocations", Array{invocation}},
                            {"originalUriBaseIds", Object{{"%SRCROOT%", Object{{"description", Object{{"text", "the project"}}}}}}}, {"results", std::move(results)}};
    const auto log = Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Array{run}}};
    return json::write(log, json::Style::pretty) + "\n";
}

}  // namespace envlock
