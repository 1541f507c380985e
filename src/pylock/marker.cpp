#include <envlock/pylock/marker.hpp>

#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/specifier.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace envlock::pylock {
namespace {

constexpr std::size_t k_longest = 64U << 10U;
constexpr int k_deepest = 64;

constexpr std::array<std::string_view, 14> k_variables{
    "python_version", "python_full_version", "os_name", "sys_platform", "platform_release", "platform_system", "platform_version",
    "platform_machine", "platform_python_implementation", "implementation_name", "implementation_version", "extra", "extras", "dependency_groups"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> k_old_names{{
    {"os.name", "os_name"}, {"sys.platform", "sys_platform"}, {"platform.version", "platform_version"}, {"platform.machine", "platform_machine"},
    {"platform.python_implementation", "platform_python_implementation"}, {"python_implementation", "platform_python_implementation"}}};
// Their values are compared as versions where they are versions.
constexpr std::array<std::string_view, 4> k_versions{"python_version", "python_full_version", "implementation_version", "platform_release"};
// Longer ones first.
constexpr std::array<std::string_view, 8> k_operators{"===", "==", ">=", "<=", "!=", "~=", ">", "<"};

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; }
bool is_space(char c) { return c == ' ' || c == '\t'; }

Truth truth(bool value) { return value ? Truth::yes : Truth::no; }
Truth negated(Truth value) { return value == Truth::unknown ? value : truth(value == Truth::no); }

// As packaging does: order means nothing between texts, so "<" never holds and "<=" is "==".
Truth compare_texts(std::string_view left, std::string_view op, std::string_view right) {
    if (op == "in") return truth(right.find(left) != std::string_view::npos);
    if (op == "not in") return truth(right.find(left) == std::string_view::npos);
    if (op == "<" || op == ">") return Truth::no;
    if (op == "!=") return truth(left != right);
    if (op == "~=") return Truth::unknown;  // not defined for texts
    return truth(left == right);
}

Truth compare_values(std::string_view left, std::string_view op, std::string_view right, bool versions) {
    if (versions && op != "in" && op != "not in" && right.find(',') == std::string_view::npos) {
        const auto clause = parse_specifiers(std::string(op) + std::string(right));
        if (clause && clause->size() == 1 && (op == "===" || parse_pep440(left))) return truth(satisfies(left, *clause));
    }
    return compare_texts(left, op, right);
}

}  // namespace

Truth both(Truth a, Truth b) {
    if (a == Truth::no || b == Truth::no) return Truth::no;
    return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown;
}

Truth either(Truth a, Truth b) {
    if (a == Truth::yes || b == Truth::yes) return Truth::yes;
    return a == Truth::no && b == Truth::no ? Truth::no : Truth::unknown;
}

// marker = and_list ("or" and_list)*, and_list = item ("and" item)*, item = "(" marker ")" | operand op operand
class Marker::Parser {
public:
    explicit Parser(std::string_view text) : m_rest(text) {}

    std::optional<Expression> document() {
        auto out = list(Expression::Kind::any, 0);
        skip();
        if (!m_rest.empty()) return std::nullopt;
        return out;
    }

private:
    void skip() {
        while (!m_rest.empty() && is_space(m_rest.front())) m_rest.remove_prefix(1);
    }
    std::string_view peek_word() {
        skip();
        const auto* const end = std::ranges::find_if_not(m_rest, is_word);
        return m_rest.substr(0, static_cast<std::size_t>(end - m_rest.begin()));
    }
    bool take(std::string_view text) {
        skip();
        if (!m_rest.starts_with(text)) return false;
        m_rest.remove_prefix(text.size());
        return true;
    }
    bool take_word(std::string_view word) { return peek_word() == word && take(word); }

    std::optional<Expression> list(Expression::Kind kind, int depth) {
        const bool any = kind == Expression::Kind::any;
        Expression out;
        out.kind = kind;
        do {
            auto part = any ? list(Expression::Kind::all, depth) : item(depth);
            if (!part) return std::nullopt;
            // (a or b) or c is a or b or c.
            if (part->kind == kind) std::ranges::move(part->parts, std::back_inserter(out.parts));
            else out.parts.push_back(*std::move(part));
        } while (take_word(any ? "or" : "and"));
        if (out.parts.size() > 1) return out;
        auto only = std::move(out.parts.front());
        return only;
    }
    std::optional<Expression> item(int depth) {
        if (take("(")) {
            if (depth >= k_deepest) return std::nullopt;
            auto out = list(Expression::Kind::any, depth + 1);
            if (!out || !take(")")) return std::nullopt;
            return out;
        }
        Expression out;
        auto left = operand();
        auto op = left ? operation() : std::nullopt;
        auto right = op ? operand() : std::nullopt;
        if (!right) return std::nullopt;
        out.left = *std::move(left);
        out.op = *std::move(op);
        out.right = *std::move(right);
        return out;
    }
    std::optional<std::string> operation() {
        if (take_word("in")) return "in";
        if (take_word("not")) return take_word("in") ? std::optional<std::string>("not in") : std::nullopt;
        for (const auto op : k_operators) {
            if (take(op)) return std::string(op);
        }
        return std::nullopt;
    }
    std::optional<Operand> operand() {
        skip();
        if (m_rest.empty()) return std::nullopt;
        if (m_rest.front() == '"' || m_rest.front() == '\'') return quoted();
        auto word = peek_word();
        const auto size = word.size();
        const auto* old = std::ranges::find(k_old_names, word, [](const auto& each) { return each.first; });
        if (old != k_old_names.end()) word = old->second;
        if (std::ranges::find(k_variables, word) == k_variables.end()) return std::nullopt;
        Operand out{true, std::string(word)};
        m_rest.remove_prefix(size);
        return out;
    }
    std::optional<Operand> quoted() {
        const auto end = m_rest.find(m_rest.front(), 1);
        if (end == std::string_view::npos) return std::nullopt;
        Operand out{false, std::string(m_rest.substr(1, end - 1))};
        m_rest.remove_prefix(end + 1);
        if (out.text.find_first_of("\\\r\n") != std::string::npos) return std::nullopt;
        return out;
    }

    std::string_view m_rest;
};

std::optional<Marker> Marker::parse(std::string_view text) {
    if (text.size() > k_longest) return std::nullopt;
    auto root = Parser(text).document();
    if (!root) return std::nullopt;
    Marker out;
    out.m_root = *std::move(root);
    return out;
}

Truth Marker::compare(const Expression& expression, const MarkerEnvironment& environment) {
    const auto& [kind, left, right, op, parts] = expression;
    // "docs" in extras: the two variables that are sets.
    for (const auto& [name, set] : {std::pair{"extras", &environment.extras}, {"dependency_groups", &environment.dependency_groups}}) {
        if (left.variable && left.text == name) return Truth::unknown;  // no set is compared with a text
        if (!right.variable || right.text != name) continue;
        if (left.variable || !*set || (op != "in" && op != "not in")) return Truth::unknown;
        const auto found = truth((*set)->contains(normalize_name(left.text)));
        return op == "in" ? found : negated(found);
    }
    std::string values[2];
    bool versions = false, extra = false;
    for (const auto& [operand, value] : {std::pair{&left, &values[0]}, {&right, &values[1]}}) {
        *value = operand->text;
        if (!operand->variable) continue;
        const auto known = environment.variables.find(operand->text);
        if (known == environment.variables.end()) return Truth::unknown;
        *value = known->second;
        versions = versions || std::ranges::find(k_versions, operand->text) != k_versions.end();
        extra = extra || operand->text == "extra";
    }
    if (extra) {
        for (auto& value : values) value = normalize_name(value);
    }
    return compare_values(values[0], op, values[1], versions);
}

Truth Marker::holds(const Expression& expression, const MarkerEnvironment& environment) {
    if (expression.kind == Expression::Kind::comparison) return compare(expression, environment);
    const bool all = expression.kind == Expression::Kind::all;
    auto out = truth(all);
    for (const auto& part : expression.parts) out = all ? both(out, holds(part, environment)) : either(out, holds(part, environment));
    return out;
}

Truth Marker::holds(const MarkerEnvironment& environment) const { return holds(m_root, environment); }

std::string Marker::text(const Expression& expression, bool inside_all) {
    if (expression.kind == Expression::Kind::comparison) {
        const auto shown = [](const Operand& operand) {
            const std::string quote = operand.variable ? "" : operand.text.find('"') == std::string::npos ? "\"" : "'";
            return quote + operand.text + quote;
        };
        return shown(expression.left) + " " + expression.op + " " + shown(expression.right);
    }
    const bool all = expression.kind == Expression::Kind::all;
    std::string out;
    for (const auto& part : expression.parts) {
        if (!out.empty()) out += all ? " and " : " or ";
        out += text(part, all);
    }
    return inside_all && !all ? "(" + out + ")" : out;
}

std::string Marker::text() const { return text(m_root, false); }

Truth marker_holds(std::string_view text, const MarkerEnvironment& environment) {
    if (trim(text).empty()) return Truth::yes;
    const auto marker = Marker::parse(trim(text));
    return marker ? marker->holds(environment) : Truth::unknown;
}

}  // namespace envlock::pylock
