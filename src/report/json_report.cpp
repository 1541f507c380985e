#include <envlock/report/json_report.hpp>

#include "report/wording.hpp"

#include <algorithm>

namespace envlock {
namespace {

using json::Array;
using json::Object;
using json::Value;

Value texts(const std::vector<std::string>& list) {
    Array out;
    for (const auto& text : list) out.emplace_back(text);
    return out;
}

Value optional_text(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value side(const std::string& name, const std::string& digest) { return Object{{"digest", digest}, {"name", name}}; }

Value finding_json(const Finding& f) {
    return Object{
        {"affected", texts(f.affected)},
        {"after", optional_text(f.after_text)},
        {"before", optional_text(f.before_text)},
        {"change", report_detail::change_column(f)},
        {"component", f.component},
        {"details", texts(f.details)},
        {"direction", f.direction},
        {"fix", f.fix},
        {"layer", f.layer},
        {"level", f.level},
        {"location", Object{{"file", f.location.file}, {"line", f.location.line}}},
        {"points", f.points},
        {"rule", f.rule},
        {"severity", std::string(to_string(f.severity))},
        {"share", f.share},
        {"suppressedBy", optional_text(f.suppressed_by)},
        {"title", f.title},
    };
}

Value layer_json(const LayerDrift& l) {
    return Object{{"added", l.added}, {"changed", l.changed}, {"equal", l.equal}, {"id", l.id}, {"identical", l.identical}, {"points", l.points},
                  {"removed", l.removed}, {"score", l.score}, {"total", l.total}, {"unknown", l.unknown}};
}

Value share_json(const Share& share) { return Object{{"covered", share.covered}, {"total", share.total}}; }

Value divergence_json(const Divergence& d) {
    Array rows;
    for (const auto& row : d.components) {
        rows.emplace_back(Object{{"base", row.base}, {"key", row.key}, {"level", row.level}, {"playground", row.playground}, {"points", row.points},
                                 {"source", row.source}, {"state", row.state}});
    }
    return Object{{"bytes", share_json(d.bytes)}, {"components", std::move(rows)}, {"distributions", share_json(d.distributions)},
                  {"files", share_json(d.files)}, {"method", d.method}, {"points", d.points}, {"score", d.score}};
}

// Reads members of known types; the first that is of another type is remembered as the error.
class Reader {
public:
    Reader(const Value& value, std::string& problem) : m_value(value), m_problem(problem) {}

    void read(std::string_view key, std::string& to) const {
        const auto* v = m_value.find(key);
        if (!v || v->is_null()) return;
        if (const auto* s = v->string()) to = *s;
        else wrong(key);
    }
    void read(std::string_view key, std::int64_t& to) const {
        const auto* v = m_value.find(key);
        if (!v) return;
        if (const auto* n = v->integer()) to = std::max<std::int64_t>(*n, 0);
        else wrong(key);
    }
    void read(std::string_view key, bool& to) const {
        const auto* v = m_value.find(key);
        if (!v) return;
        if (const auto* b = v->boolean()) to = *b;
        else wrong(key);
    }
    void read(std::string_view key, std::vector<std::string>& to) const {
        each(key, [&](const Value& item) {
            if (const auto* s = item.string()) to.push_back(*s);
            else wrong(key);
        });
    }
    template <class Function>
    void each(std::string_view key, Function function) const {
        const auto* v = m_value.find(key);
        if (!v) return;
        if (const auto* items = v->array()) {
            for (const auto& item : *items) function(item);
        } else {
            wrong(key);
        }
    }
    template <class Function>
    void inside(std::string_view key, Function function) const {
        const auto* v = m_value.find(key);
        if (!v) return;
        if (v->object()) function(Reader(*v, m_problem));
        else wrong(key);
    }
    void wrong(std::string_view key) const {
        if (m_problem.empty()) m_problem = std::string(key) + " has an unexpected value";
    }

private:
    const Value& m_value;
    std::string& m_problem;
};

Finding read_finding(const Reader& in) {
    Finding f;
    in.read("rule", f.rule);
    in.read("title", f.title);
    in.read("layer", f.layer);
    in.read("component", f.component);
    in.read("before", f.before_text);
    in.read("after", f.after_text);
    in.read("level", f.level);
    in.read("direction", f.direction);
    in.read("points", f.points);
    in.read("share", f.share);
    in.read("details", f.details);
    in.read("affected", f.affected);
    in.read("fix", f.fix);
    in.read("suppressedBy", f.suppressed_by);
    in.inside("location", [&](const Reader& at) {
        at.read("file", f.location.file);
        at.read("line", f.location.line);
    });
    std::string severity;
    in.read("severity", severity);
    if (const auto known = severity_from(severity)) f.severity = *known;
    else in.wrong("severity");
    return f;
}

LayerDrift read_layer(const Reader& in) {
    LayerDrift l;
    in.read("id", l.id);
    in.read("equal", l.equal);
    for (const auto& [key, to] : {std::pair{"points", &l.points}, {"score", &l.score}, {"added", &l.added}, {"removed", &l.removed}, {"changed", &l.changed},
                                  {"unknown", &l.unknown}, {"identical", &l.identical}, {"total", &l.total}}) {
        in.read(key, *to);
    }
    if (l.identical < 0 || l.identical > l.total) in.wrong("identical");
    return l;
}

Share read_share(const Reader& in) {
    Share share;
    in.read("covered", share.covered);
    in.read("total", share.total);
    if (share.covered < 0 || share.covered > share.total) in.wrong("covered");
    return share;
}

void read_divergence(const Reader& in, Divergence& d, std::string& problem) {
    in.read("points", d.points);
    in.read("score", d.score);
    in.read("method", d.method);
    in.inside("distributions", [&](const Reader& s) { d.distributions = read_share(s); });
    in.inside("files", [&](const Reader& s) { d.files = read_share(s); });
    in.inside("bytes", [&](const Reader& s) { d.bytes = read_share(s); });
    in.each("components", [&](const Value& item) {
        const Reader row_in(item, problem);
        DivergenceRow row;
        for (const auto& [key, to] : {std::pair{"key", &row.key}, {"base", &row.base}, {"playground", &row.playground}, {"state", &row.state}, {"level", &row.level}, {"source", &row.source}}) {
            row_in.read(key, *to);
        }
        row_in.read("points", row.points);
        d.components.push_back(std::move(row));
    });
}

std::optional<Exit> exit_from(std::string_view word) {
    for (const auto exit : {Exit::clean, Exit::drift, Exit::error, Exit::inconclusive, Exit::untrusted, Exit::unavailable}) {
        if (to_string(exit) == word) return exit;
    }
    return std::nullopt;
}

void read_sides(const Reader& in, Report& r) {
    in.inside("before", [&](const Reader& s) {
        s.read("name", r.before_name);
        s.read("digest", r.before_digest);
    });
    in.inside("after", [&](const Reader& s) {
        s.read("name", r.after_name);
        s.read("digest", r.after_digest);
    });
}

}  // namespace

Value report_to_json(const Report& r) {
    Array layers, findings, unobserved;
    for (const auto& layer : r.layers) layers.push_back(layer_json(layer));
    for (const auto& f : r.findings) findings.push_back(finding_json(f));
    for (const auto& u : r.unobserved) {
        unobserved.emplace_back(Object{{"component", u.component}, {"layer", u.layer}, {"weight", u.weight}, {"why", u.why}});
    }
    return Object{
        {"verdict", std::string(to_string(r.exit))},
        {"exitCode", static_cast<std::int64_t>(r.exit)},
        {"after", side(r.after_name, r.after_digest)},
        {"before", side(r.before_name, r.before_digest)},
        {"complete", r.complete},
        {"divergence", divergence_json(r.divergence)},
        {"findings", std::move(findings)},
        {"gate", r.gate},
        {"interval", Array{r.score, r.score_high}},
        {"layers", std::move(layers)},
        {"metric", r.metric},
        {"points", r.points},
        {"policyDigest", r.policy_digest},
        {"schema", k_report_schema},
        {"score", r.score},
        {"trust", r.trust},
        {"unobserved", std::move(unobserved)},
        {"warnings", texts(r.warnings)},
    };
}

std::string render_json(const Report& report) {
    const auto value = report_to_json(report);
    // The writer sorts members, and a reader of the first lines wants the verdict: those two by hand.
    Object rest;
    for (const auto& member : *value.object()) {
        if (member.first != "verdict" && member.first != "exitCode") rest.push_back(member);
    }
    auto text = json::write(rest, json::Style::pretty);
    text.insert(1, "\n  \"verdict\": " + json::quote(to_string(report.exit)) + ",\n  \"exitCode\": " + std::to_string(static_cast<int>(report.exit)) + ",");
    return text + "\n";
}

Result<Report> parse_report(std::string_view text) {
    const auto value = ENVLOCK_TRY(json::parse(text, {.allow_reals = false}, "report"));
    if (!value.object()) return fail(ErrorCode::json_malformed, "report", "not an object");
    if (value.text("schema") != k_report_schema) return fail(ErrorCode::unsupported, "report", "schema is not " + std::string(k_report_schema));
    std::string problem;
    const Reader in(value, problem);
    Report r;
    if (const auto exit = exit_from(value.text("verdict"))) r.exit = *exit;
    else in.wrong("verdict");
    in.read("complete", r.complete);
    in.read("metric", r.metric);
    in.read("policyDigest", r.policy_digest);
    in.read("trust", r.trust);
    in.read("gate", r.gate);
    in.read("points", r.points);
    in.read("score", r.score);
    in.read("warnings", r.warnings);
    read_sides(in, r);
    std::vector<std::int64_t> interval;
    in.each("interval", [&](const Value& item) {
        if (const auto* n = item.integer()) interval.push_back(std::max<std::int64_t>(*n, 0));
    });
    r.score_high = interval.size() == 2 ? interval[1] : r.score;
    in.each("layers", [&](const Value& item) { r.layers.push_back(read_layer(Reader(item, problem))); });
    in.each("findings", [&](const Value& item) { r.findings.push_back(read_finding(Reader(item, problem))); });
    in.each("unobserved", [&](const Value& item) {
        const Reader u_in(item, problem);
        Unobserved u;
        u_in.read("layer", u.layer);
        u_in.read("component", u.component);
        u_in.read("why", u.why);
        u_in.read("weight", u.weight);
        r.unobserved.push_back(std::move(u));
    });
    in.inside("divergence", [&](const Reader& d) { read_divergence(d, r.divergence, problem); });
    if (!problem.empty()) return fail(ErrorCode::json_malformed, "report", problem);
    return r;
}

}  // namespace envlock
