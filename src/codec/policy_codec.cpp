#include <envlock/codec/policy_codec.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>
#include <envlock/base/toml_shape.hpp>

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <sstream>

namespace envlock {
namespace {

constexpr double k_micro = 1'000'000;
constexpr double k_most_points = 1'000'000;
constexpr std::size_t k_most_bytes = 1U << 20U;

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    return std::ranges::all_of(text, [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

// Reads the document part by part; the first thing that is wrong is kept, with its line.
class Reader {
public:
    Reader(std::string_view subject, Policy& policy) : m_subject(subject), m_policy(policy) {}

    void document(const toml::table& root) {
        known(root, {"project", "gate", "weights", "severity", "sign", "ignore", "required_layers", "allow_unknown", "require_signature"}, "");
        if (const auto* project = table(root, "project")) {
            known(*project, {"name", "direct", "critical"}, "project.");
            text(*project, "name", m_policy.project);
            names(*project, "direct", m_policy.direct);
            names(*project, "critical", m_policy.critical);
        }
        if (const auto* gate = table(root, "gate")) read_gate(*gate);
        common(root);
        if (const auto* weights = table(root, "weights")) points_of(*weights, m_policy.weights);
        if (const auto* severities = table(root, "severity")) {
            for (const auto& [key, value] : *severities) m_policy.severities[std::string(key.str())] = severity(value);
        }
        if (const auto* sign = table(root, "sign")) {
            known(*sign, {"key"}, "sign.");
            text(*sign, "key", m_policy.signing_key);
        }
        read_ignores(root);
    }

    std::optional<Error> problem() const { return m_problem; }

private:
    void refuse(const toml::node& node, const std::string& what) {
        if (m_problem) return;
        m_problem = Error{ErrorCode::config_malformed, m_subject, "line " + std::to_string(node.source().begin.line) + ": " + escape_controls(what)};
    }

    void known(const toml::table& where, std::initializer_list<std::string_view> keys, const std::string& prefix) {
        for (const auto& [key, value] : where) {
            if (std::ranges::find(keys, key.str()) != keys.end()) continue;
            auto what = "unknown key " + prefix + std::string(key.str());
            const auto nearest = std::ranges::min_element(keys, {}, [&, name = key.str()](std::string_view k) { return edit_distance(k, name); });
            if (edit_distance(*nearest, key.str()) <= 2) what += "; did you mean " + prefix + std::string(*nearest) + "?";
            refuse(value, what);
        }
    }
    const toml::table* table(const toml::table& where, std::string_view key) {
        const auto* node = where.get(key);
        if (node != nullptr && !node->is_table()) refuse(*node, std::string(key) + " must be a table");
        return node == nullptr ? nullptr : node->as_table();
    }
    void text(const toml::table& where, std::string_view key, std::string& out) {
        const auto* node = where.get(key);
        if (node == nullptr) return;
        if (const auto* value = node->as_string()) out = value->get();
        else refuse(*node, std::string(key) + " must be a string");
    }
    void flag(const toml::table& where, std::string_view key, bool& out) {
        const auto* node = where.get(key);
        if (node == nullptr) return;
        if (const auto* value = node->as_boolean()) out = value->get();
        else refuse(*node, std::string(key) + " must be true or false");
    }
    void names(const toml::table& where, std::string_view key, std::vector<std::string>& out) {
        const auto* node = where.get(key);
        if (node == nullptr) return;
        const auto* list = node->as_array();
        if (list == nullptr) return refuse(*node, std::string(key) + " must be a list of strings");
        out.clear();
        for (const auto& each : *list) {
            if (const auto* value = each.as_string()) out.push_back(value->get());
            else refuse(each, std::string(key) + " must be a list of strings");
        }
    }
    std::int64_t points(const toml::node& node) {
        const auto number = node.value<double>();
        if (!number || !std::isfinite(*number) || *number < 0 || *number > k_most_points || node.is_boolean() || node.is_string()) {
            refuse(node, "points are a number from 0 to 1000000");
            return 0;
        }
        return std::llround(*number * k_micro);
    }
    void points_of(const toml::table& where, std::map<std::string, std::int64_t>& out) {
        for (const auto& [key, value] : where) out[std::string(key.str())] = points(value);
    }
    Severity severity(const toml::node& node) {
        const auto word = node.value<std::string>();
        const auto found = word ? severity_from(*word) : std::nullopt;
        if (!found) refuse(node, "a severity is info, low, medium, high or critical");
        return found.value_or(Severity::low);
    }
    void common(const toml::table& where) {
        names(where, "required_layers", m_policy.required_layers);
        flag(where, "allow_unknown", m_policy.allow_unknown);
        flag(where, "require_signature", m_policy.require_signature);
    }
    void read_gate(const toml::table& gate) {
        known(gate, {"fail_on", "max_points", "max_divergence", "max_layer", "required_layers", "allow_unknown", "require_signature"}, "gate.");
        if (const auto* node = gate.get("fail_on")) m_policy.fail_on = severity(*node);
        if (const auto* node = gate.get("max_points")) m_policy.max_points = points(*node);
        if (const auto* node = gate.get("max_divergence")) m_policy.max_divergence = points(*node);
        if (const auto* layers = table(gate, "max_layer")) points_of(*layers, m_policy.max_layer);
        common(gate);
    }
    void date(const toml::table& where, std::string_view key, std::string& out) {
        const auto* node = where.get(key);
        if (node == nullptr) return;
        if (const auto* value = node->as_date()) {
            std::ostringstream shown;
            shown << value->get();
            out = shown.str();
        } else {
            text(where, key, out);
        }
        if (!is_date(out)) refuse(*node, std::string(key) + " must be a date, YYYY-MM-DD");
    }
    void read_ignores(const toml::table& root) {
        const auto* node = root.get("ignore");
        if (node == nullptr) return;
        const auto* list = node->as_array();
        if (list == nullptr) return refuse(*node, "ignore entries are written [[ignore]]");
        for (const auto& each : *list) {
            const auto* entry = each.as_table();
            if (entry == nullptr) return refuse(each, "ignore entries are written [[ignore]]");
            known(*entry, {"id", "rule", "package", "version", "layer", "reason", "owner", "created", "expires"}, "ignore.");
            Ignore out;
            for (const auto& [key, member] : {std::pair{"id", &out.id}, {"rule", &out.rule}, {"package", &out.package}, {"version", &out.version},
                                              {"layer", &out.layer}, {"reason", &out.reason}, {"owner", &out.owner}}) {
                text(*entry, key, *member);
            }
            date(*entry, "created", out.created);
            date(*entry, "expires", out.expires);
            // An ignore without an end and a reason is how a check dies quietly.
            if (out.id.empty() || out.reason.empty() || out.expires.empty()) refuse(each, "an ignore needs id, reason and expires");
            if (out.rule.empty() && out.package.empty()) refuse(each, "an ignore needs a rule or a package");
            m_policy.ignores.push_back(std::move(out));
        }
    }

    std::string m_subject;
    Policy& m_policy;
    std::optional<Error> m_problem;
};

}  // namespace

Policy default_policy() {
    Policy out;
    out.critical = {"torch", "jax", "jaxlib", "numpy", "triton", "tensorflow", "nvidia-*", "cupy*"};
    out.digest = sha256_tagged("envlock defaults 1");
    return out;
}

Result<Policy> parse_policy(std::string_view text, std::string_view subject) {
    if (text.size() > k_most_bytes) return fail(ErrorCode::file_too_large, std::string(subject));
    if (auto trouble = toml_trouble(text)) return fail(ErrorCode::config_malformed, std::string(subject), *std::move(trouble));
    toml::table root;
    try {
        root = toml::parse(text, subject);
    } catch (const toml::parse_error& problem) {
        return fail(ErrorCode::config_malformed, std::string(subject),
                    "line " + std::to_string(problem.source().begin.line) + ": " + escape_controls(problem.description()));
    }
    auto out = default_policy();
    out.digest = sha256_tagged(text);
    Reader reader(subject, out);
    reader.document(root);
    if (reader.problem()) return tl::make_unexpected(*reader.problem());
    return out;
}

}  // namespace envlock
