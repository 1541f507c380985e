#include "pylock/reading.hpp"

#include <envlock/base/text.hpp>
#include <envlock/base/toml_shape.hpp>

#include <toml++/toml.h>

#include <sstream>

namespace envlock::pylock {
namespace {

// toml_trouble and toml++ itself have capped how deep this goes.
json::Value convert(const toml::node& node);  // NOLINT(misc-no-recursion)

template <class T>
std::string shown(const T& value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

json::Value convert_table(const toml::table& table) {  // NOLINT(misc-no-recursion)
    json::Object out;
    out.reserve(table.size());
    for (const auto& [key, value] : table) out.emplace_back(std::string(key.str()), convert(value));
    return out;
}

json::Value convert(const toml::node& node) {  // NOLINT(misc-no-recursion)
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* table = node.as_table()) return convert_table(*table);
    if (const auto* array = node.as_array()) {
        json::Array out;
        out.reserve(array->size());
        for (const auto& each : *array) out.push_back(convert(each));
        return out;
    }
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* flag = node.as_boolean()) return flag->get();
    if (const auto* real = node.as_floating_point()) return real->get();
    if (const auto* moment = node.as_date_time()) return shown(moment->get());
    if (const auto* day = node.as_date()) return shown(day->get());
    if (const auto* time = node.as_time()) return shown(time->get());
    return {};
}

}  // namespace

Result<json::Value> parse_toml(std::string_view text, std::string_view path) {
    if (auto trouble = toml_trouble(text)) return fail(ErrorCode::lock_malformed, std::string(path), *std::move(trouble));
    try {
        return convert_table(toml::parse(text, path));
    } catch (const toml::parse_error& problem) {
        return fail(ErrorCode::lock_malformed, std::string(path),
                    "line " + std::to_string(problem.source().begin.line) + ": " + escape_controls(problem.description().substr(0, 300)));
    }
}

}  // namespace envlock::pylock
