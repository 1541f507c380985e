#include "report/wording.hpp"

#include <algorithm>
#include <set>

namespace envlock::report_detail {
namespace {

std::string two_digits(std::int64_t hundredths) {
    const auto rest = std::to_string(hundredths % 100);
    return std::to_string(hundredths / 100) + "." + std::string(2 - rest.size(), '0') + rest;
}

char level_letter(const std::string& level) {
    constexpr std::array<std::pair<std::string_view, char>, 16> letters{{
        {"epoch", 'E'}, {"repo", 'E'}, {"major", 'M'}, {"branch", 'M'}, {"ref", 'M'}, {"minor", 'm'}, {"rev", 'm'}, {"micro", 'u'}, {"patch", 'u'},
        {"value", 'v'}, {"pre", 'p'}, {"build", 'p'}, {"local", 'l'}, {"abi", 'l'}, {"kind", 'E'}, {"note", '!'},
    }};
    const auto* found = std::ranges::find(letters, std::string_view(level), &std::pair<std::string_view, char>::first);
    return found == letters.end() ? '.' : found->second;
}

bool is_one_of(const std::string& rule, std::initializer_list<std::string_view> ids) { return std::ranges::find(ids, std::string_view(rule)) != ids.end(); }

std::string counted(const Report& report) {
    std::string out;
    for (const auto severity : {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info}) {
        const auto n = std::ranges::count_if(report.findings, [&](const Finding& f) { return f.severity == severity && f.suppressed_by.empty(); });
        if (n > 0) out += (out.empty() ? "" : ", ") + std::to_string(n) + " " + std::string(to_string(severity));
    }
    const auto hidden = std::ranges::count_if(report.findings, [](const Finding& f) { return !f.suppressed_by.empty(); });
    if (hidden > 0) out += (out.empty() ? "" : ", ") + std::to_string(hidden) + " suppressed";
    return out.empty() ? "no differences" : out;
}

}  // namespace

std::string points_text(std::int64_t micro) {
    if (micro < 0) return "-" + points_text(micro == INT64_MIN ? INT64_MAX : -micro);
    if (micro > 0 && micro < 10'000) {
        auto digits = std::to_string(micro);
        digits.insert(0, 6 - digits.size(), '0');
        while (digits.back() == '0') digits.pop_back();
        return "0." + digits;
    }
    return two_digits(micro / 10'000);
}

std::string score_text(const Report& report) {
    const auto low = two_digits(std::max<std::int64_t>(report.score, 0));
    return report.score_high > report.score ? low + "–" + two_digits(report.score_high) : low;
}

std::string percent_text(std::int64_t hundredths) {
    const auto positive = std::max<std::int64_t>(hundredths, 0);
    return std::to_string(positive / 100) + "." + std::to_string(positive % 100 / 10) + " %";
}

std::string verdict_word(const Report& report) {
    switch (report.exit) {
        case Exit::clean: return report.findings.empty() && report.complete ? "IDENTICAL ●" : "CLEAN ●";
        case Exit::drift: return "DRIFTED ▲";
        case Exit::inconclusive: return "INCOMPLETE ?";
        case Exit::untrusted: return "UNTRUSTED ✕";
        case Exit::unavailable: return "UNAVAILABLE ?";
        case Exit::error: return "ERROR ✕";
    }
    return "ERROR ✕";
}

std::string verdict_line(const Report& report) {
    auto out = verdict_word(report) + "  " + counted(report) + "; " + points_text(report.points) + " points, score " + score_text(report) + " of 100";
    if (!report.complete) out += "; not everything could be checked";
    if (report.gate.empty()) return out;
    if (report.exit == Exit::clean) return out + "; passes: nothing with " + report.gate;
    return out + (report.exit == Exit::drift ? "; fails: " : "; needs: ") + report.gate;
}

std::string match_text(const LayerDrift& layer) {
    auto out = std::to_string(layer.identical) + " of " + std::to_string(layer.total) + " identical";
    if (layer.total > 0) out += " (" + percent_text(static_cast<std::int64_t>(static_cast<long double>(layer.identical) * 10'000 / static_cast<long double>(layer.total))) + ")";
    if (layer.unknown > 0) out += ", " + std::to_string(layer.unknown) + " not checked";
    return out;
}

std::string or_absent(const std::string& text) { return text.empty() ? "∅" : text; }

std::string change_column(const Finding& f) {
    const char hidden = f.suppressed_by.empty() ? '.' : ':';
    if (f.level == "absent") {
        auto out = std::string(8, f.direction == "removed" ? '-' : '+');
        if (hidden == ':') out.back() = hidden;
        return out;
    }
    std::string out(8, '.');
    out[0] = level_letter(f.level);
    if (f.level == "content" || is_one_of(f.rule, {"PY106", "PY109", "NIX104"})) out[1] = 'H';
    if (f.level == "source" || f.level == "repo" || is_one_of(f.rule, {"PY105", "NIX103"})) out[2] = 'S';
    if (is_one_of(f.rule, {"PY108", "NAT001", "NAT002", "NAT005", "CUDA001", "CUDA002", "PLAT100"})) out[4] = 'C';
    if (is_one_of(f.rule, {"PY010", "PY011", "PY012", "PY106", "NIX104", "SIG002"})) out[5] = 'I';
    if (f.direction == "down") out[6] = '<';
    if (f.direction == "up") out[6] = '>';
    out[7] = hidden;
    return out;
}

std::vector<std::string> what_to_do(const Report& report, std::size_t most) {
    std::vector<const Finding*> order;
    for (const auto& f : report.findings) {
        if (f.suppressed_by.empty() && f.severity != Severity::info && !f.fix.empty()) order.push_back(&f);
    }
    std::ranges::stable_sort(order, [](const Finding* a, const Finding* b) {
        const bool x = a->severity >= Severity::high, y = b->severity >= Severity::high;
        return x != y ? x : a->points > b->points;
    });
    std::vector<std::string> out;
    for (const auto* f : order) {
        auto text = (f->component.empty() ? f->layer : f->component) + ": " + f->fix;
        if (out.size() < most && std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
    }
    return out;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string out;
    for (const auto& part : parts) {
        if (!out.empty()) out += between;
        out += part;
    }
    return out;
}

}  // namespace envlock::report_detail
