#include <envlock/json/value.hpp>

#include <envlock/base/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <unordered_set>

namespace envlock::json {
namespace {

constexpr std::int64_t k_most = (std::int64_t{1} << 53) - 1;  // what every JSON reader holds exactly

struct Open {
    Value value;
    std::string key;                       // the member being filled, for an object
    std::unordered_set<std::string> keys;  // seen so far
    bool is_object = false;
};

std::string place(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, std::min(at, text.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto column = before.size() - (before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Builds the value with a stack of our own, so that depth is capped before memory or the call
// stack can run out. nlohmann's parser is itself iterative in SAX mode.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Builder(const Limits& limits) : m_limits(limits) {}

    bool null() override { return put({}); }
    bool boolean(bool b) override { return put(b); }
    bool number_integer(number_integer_t n) override { return n < -k_most ? refuse("integer out of range") : put(Value(std::int64_t{n})); }
    bool number_unsigned(number_unsigned_t n) override {
        return n > static_cast<number_unsigned_t>(k_most) ? refuse("integer out of range") : put(Value(static_cast<std::int64_t>(n)));
    }
    bool number_float(number_float_t d, const string_t& text) override {
        const bool integer = text.find_first_of(".eE") == std::string::npos;
        if (integer) return refuse("integer out of range");
        return m_limits.allow_reals ? put(Value(d)) : refuse("number is not an integer");
    }
    bool string(string_t& s) override { return put(Value(std::move(s))); }
    bool binary(binary_t&) override { return refuse("binary value"); }
    bool start_object(std::size_t) override { return open(Value(Object{}), true); }
    bool start_array(std::size_t) override { return open(Value(Array{}), false); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        auto& top = m_stack.back();
        top.key = std::move(name);
        if (!top.keys.insert(top.key).second && !m_limits.allow_duplicates) return refuse("duplicate key \"" + top.key + "\"");
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& problem) override {
        m_position = position;
        // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …": the last part is the news.
        const std::string_view what = problem.what();
        const auto colon = what.find(": ");
        m_problem = colon == std::string_view::npos ? std::string(what) : std::string(what.substr(colon + 2));
        return false;
    }

    Value take() { return std::move(m_root); }
    const std::string& problem() const { return m_problem; }
    std::size_t position() const { return m_position; }
    bool too_deep() const { return m_too_deep; }

private:
    bool refuse(std::string problem) {
        m_problem = std::move(problem);
        return false;
    }
    bool put(Value value) {
        if (m_stack.empty()) {
            m_root = std::move(value);
            return true;
        }
        auto& top = m_stack.back();
        if (!top.is_object) top.value.push(std::move(value));
        else if (m_limits.allow_duplicates) top.value.set(top.key, std::move(value));
        else top.value.object()->emplace_back(std::move(top.key), std::move(value));
        return true;
    }
    bool open(Value empty, bool is_object) {
        if (m_stack.size() >= m_limits.depth) {
            m_too_deep = true;
            return refuse("nested deeper than " + std::to_string(m_limits.depth));
        }
        m_stack.push_back({std::move(empty), {}, {}, is_object});
        return true;
    }
    bool close() {
        auto done = std::move(m_stack.back().value);
        m_stack.pop_back();
        return put(std::move(done));
    }

    Limits m_limits;
    std::vector<Open> m_stack;
    Value m_root;
    std::string m_problem;
    std::size_t m_position = 0;
    bool m_too_deep = false;
};

}  // namespace

const Value* Value::find(std::string_view key) const {
    const auto* members = object();
    if (members == nullptr) return nullptr;
    const auto found = std::ranges::find(*members, key, &std::pair<std::string, Value>::first);
    return found == members->end() ? nullptr : &found->second;
}

std::string_view Value::text(std::string_view key) const {
    const auto* member = find(key);
    const auto* text = member == nullptr ? nullptr : member->string();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

void Value::set(std::string_view key, Value value) {
    if (is_null()) m_data = Object{};
    auto* members = object();
    if (members == nullptr) return;
    const auto found = std::ranges::find(*members, key, &std::pair<std::string, Value>::first);
    if (found == members->end()) members->emplace_back(std::string(key), std::move(value));
    else found->second = std::move(value);
}

void Value::push(Value value) {
    if (is_null()) m_data = Array{};
    if (auto* items = array()) items->push_back(std::move(value));
}

Result<Value> parse(std::string_view text, const Limits& limits, std::string_view subject) {
    const auto malformed = [&](std::string detail) { return fail(ErrorCode::json_malformed, std::string(subject), std::move(detail)); };
    if (text.size() > limits.bytes) return fail(ErrorCode::file_too_large, std::string(subject), std::to_string(text.size()) + " bytes");
    // nlohmann takes a NUL for the end of the text and skips a BOM: both are refused here.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) return malformed(place(text, nul) + ": NUL byte");
    if (text.starts_with("\xEF\xBB\xBF")) return malformed("line 1, column 1: byte order mark");
    Builder builder(limits);
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return builder.take();
    if (builder.too_deep()) return fail(ErrorCode::json_too_deep, std::string(subject), builder.problem());
    const auto where = builder.position() == 0 ? std::string{} : place(text, builder.position() - 1) + ": ";
    return malformed(escape_controls(where + builder.problem()));
}

}  // namespace envlock::json
