#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace envlock::json {

class Value;
using Array = std::vector<Value>;
using Object = std::vector<std::pair<std::string, Value>>;  // in the order of the text, keys unique

// A JSON value of a document that was parsed strictly. Small on purpose: lookups return
// pointers, absence is nullptr, and nothing throws.
class Value {
public:
    Value() = default;  // null
    Value(bool b) : m_data(b) {}
    Value(std::int64_t n) : m_data(n) {}
    Value(int n) : m_data(std::int64_t{n}) {}
    Value(double d) : m_data(d) {}
    Value(std::string s) : m_data(std::move(s)) {}
    Value(std::string_view s) : m_data(std::string(s)) {}
    Value(const char* s) : m_data(std::string(s)) {}
    Value(Array a) : m_data(std::move(a)) {}
    Value(Object o) : m_data(std::move(o)) {}

    bool is_null() const { return std::holds_alternative<std::monostate>(m_data); }
    const bool* boolean() const { return std::get_if<bool>(&m_data); }
    const std::int64_t* integer() const { return std::get_if<std::int64_t>(&m_data); }
    const double* real() const { return std::get_if<double>(&m_data); }
    const std::string* string() const { return std::get_if<std::string>(&m_data); }
    const Array* array() const { return std::get_if<Array>(&m_data); }
    const Object* object() const { return std::get_if<Object>(&m_data); }
    Array* array() { return std::get_if<Array>(&m_data); }
    Object* object() { return std::get_if<Object>(&m_data); }

    // Member `key` of an object; nullptr when this is no object or has no such member.
    const Value* find(std::string_view key) const;
    // The string member `key`, or "" when absent or not a string.
    std::string_view text(std::string_view key) const;
    // Appends or replaces; turns null into an object first.
    void set(std::string_view key, Value value);
    void push(Value value);

    bool operator==(const Value&) const = default;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> m_data;
};

struct Limits {
    std::size_t bytes = 64U << 20U;
    std::size_t depth = 64;
    bool allow_reals = true;        // false: a number that is not an integer is an error
    bool allow_duplicates = false;  // false: duplicate keys (after unescaping) are an error
};

// RFC 8259, strictly: UTF-8 only, no BOM, no NUL, no trailing data, no duplicate keys, depth and
// size capped, integers within ±(2^53−1). `subject` names the document in the error; `detail`
// says where (line and column) and what.
Result<Value> parse(std::string_view text, const Limits& limits, std::string_view subject);

enum class Style : std::uint8_t { compact, pretty };

// UTF-8, keys sorted by bytes, LF, "pretty" with 2 spaces. Strings that are not UTF-8 are passed
// through to_utf8 first, so writing never fails. No trailing newline. Iterative in width only:
// values made by parse() are within its depth.
std::string write(const Value& value, Style style);
std::string quote(std::string_view text);  // one JSON string literal

}  // namespace envlock::json
