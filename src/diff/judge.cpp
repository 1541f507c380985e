#include "diff/judge.hpp"

#include <envlock/base/text.hpp>
#include <envlock/diff/metric.hpp>
#include <envlock/version/pep440.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace envlock::diff_detail {
namespace {

// ">=6,<7": every clause must hold. A clause without an operator is a glob.
bool version_matches(std::string_view specifier, std::string_view version) {
    for (auto clause : split(specifier, ',')) {
        clause = trim(clause);
        if (clause.empty()) continue;
        const auto end = clause.find_first_not_of("<>=!");
        const auto op = clause.substr(0, end == std::string_view::npos ? clause.size() : end);
        const auto wanted = trim(clause.substr(op.size()));
        if (op.empty() || op == "==" || op == "!=") {
            const bool same = matches_glob(wanted, version) || compare_versions(version, wanted) == 0;
            if (same == (op == "!=")) return false;
            continue;
        }
        const auto order = compare_versions(version, wanted);
        const bool holds = (op == ">=" && (order == 0 || order == 1)) || (op == "<=" && (order == 0 || order == -1)) ||
                           (op == ">" && order == 1) || (op == "<" && order == -1);
        if (!holds) return false;
    }
    return true;
}

bool matches(const Ignore& ignore, const Finding& f) {
    const auto is = [](const std::string& pattern, std::string_view value) { return pattern.empty() || matches_glob(pattern, value); };
    const auto version = f.after && !f.after->version.empty() ? f.after->version : f.after ? f.after_text : f.before ? f.before->version : f.after_text;
    return is(ignore.rule, f.rule) && is(ignore.layer, f.layer) && (is(ignore.package, f.component) || is(ignore.package, base_key(f.component))) &&
           version_matches(ignore.version, version);
}

// Days since 1970, or nullopt for anything that is not a date.
std::optional<std::int64_t> day_of(std::string_view date) {
    if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
    int parts[3] = {0, 0, 0};
    const std::array<std::string_view, 3> texts{date.substr(0, 4), date.substr(5, 2), date.substr(8, 2)};
    for (std::size_t i = 0; i < 3; ++i) {
        for (const char c : texts[i]) {
            if (c < '0' || c > '9') return std::nullopt;
            parts[i] = parts[i] * 10 + (c - '0');
        }
    }
    const std::chrono::year_month_day ymd{std::chrono::year(parts[0]), std::chrono::month(static_cast<unsigned>(parts[1])), std::chrono::day(static_cast<unsigned>(parts[2]))};
    if (!ymd.ok()) return std::nullopt;
    return std::chrono::sys_days(ymd).time_since_epoch().count();
}

std::string points_text(std::int64_t micro) {
    auto cents = std::to_string(micro / 10'000 % 100);
    return std::to_string(micro / k_micro) + "." + std::string(2 - cents.size(), '0') + cents;
}

bool counts(const Finding& f) { return f.suppressed_by.empty(); }

std::int64_t active_points(const Report& report, std::string_view layer) {
    std::int64_t sum = 0;
    for (const auto& f : report.findings) {
        if (counts(f) && (layer.empty() || f.layer == layer)) sum += f.points;
    }
    return sum;
}

std::vector<std::string> gates_tripped(const Report& report, const Policy& policy) {
    std::vector<std::string> out;
    const auto trips = [&](const Finding& f) { return counts(f) && f.severity != Severity::info && f.severity >= policy.fail_on; };
    if (std::ranges::any_of(report.findings, trips)) out.push_back("severity >= " + std::string(to_string(policy.fail_on)));
    if (policy.max_points >= 0 && active_points(report, "") > policy.max_points) out.push_back("points > " + points_text(policy.max_points));
    for (const auto& [layer, limit] : policy.max_layer) {
        if (limit >= 0 && active_points(report, layer) > limit) out.push_back(layer + " points > " + points_text(limit));
    }
    if (policy.max_divergence >= 0 && report.divergence.points > policy.max_divergence) out.push_back("divergence > " + points_text(policy.max_divergence));
    return out;
}

}  // namespace

void suppress(Report& report, const Policy& policy, std::string_view today) {
    const auto now = day_of(today);
    for (const auto& ignore : policy.ignores) {
        const auto until = day_of(ignore.expires);
        // A date nobody can read never hides anything.
        const bool expired = now && (!until ? !ignore.expires.empty() : *now > *until);
        std::size_t hits = 0;
        for (auto& f : report.findings) {
            if (!matches(ignore, f)) continue;
            ++hits;
            if (!expired && f.suppressed_by.empty()) f.suppressed_by = ignore.id;
        }
        if (expired) report.warnings.push_back("POL003 ignore entry has expired on " + ignore.expires + ": " + ignore.id);
        else if (hits == 0) report.warnings.push_back("POL002 ignore entry matched nothing: " + ignore.id);
        else if (now && until && *until - *now <= 14) report.warnings.push_back("ignore entry expires on " + ignore.expires + ": " + ignore.id);
    }
}

void judge(Report& report, const Policy& policy, bool blind) {
    const auto tripped = gates_tripped(report, policy);
    report.exit = Exit::clean;
    report.gate = "severity >= " + std::string(to_string(policy.fail_on));
    if (!tripped.empty()) {
        report.exit = Exit::drift;
        report.gate.clear();
        for (const auto& gate : tripped) report.gate += (report.gate.empty() ? "" : ", ") + gate;
    } else if (blind && !policy.allow_unknown) {
        report.exit = Exit::inconclusive;
        report.gate = "everything needed can be observed";
    }
}

}  // namespace envlock::diff_detail

namespace envlock {

Exit stronger(Exit a, Exit b) {
    constexpr std::array order{Exit::error, Exit::untrusted, Exit::unavailable, Exit::drift, Exit::inconclusive, Exit::clean};
    return std::ranges::find(order, a) <= std::ranges::find(order, b) ? a : b;
}

}  // namespace envlock
