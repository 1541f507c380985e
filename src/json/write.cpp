#include <envlock/json/value.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <charconv>

namespace envlock::json {
namespace {

void write_string(std::string& out, std::string_view raw) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto safe = is_valid_utf8(raw) ? std::string() : to_utf8(raw);
    out += '"';
    for (const char c : safe.empty() ? raw : std::string_view(safe)) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
                    out += "\\u00";
                    out += digits[static_cast<unsigned char>(c) >> 4U];
                    out += digits[static_cast<unsigned char>(c) & 15U];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void write_real(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    const std::string_view shown(text.data(), static_cast<std::size_t>(end - text.data()));
    out += shown;
    // A real stays a real: without a mark the reader would take 7e17 for an integer, and refuse it as too large.
    if (shown.find_first_of(".e") == std::string_view::npos) out += ".0";
}

class Writer {
public:
    explicit Writer(Style style) : m_pretty(style == Style::pretty) {}

    void value(const Value& v, std::size_t depth) {
        if (const auto* b = v.boolean()) m_out += *b ? "true" : "false";
        else if (const auto* n = v.integer()) m_out += std::to_string(*n);
        else if (const auto* d = v.real()) write_real(m_out, *d);
        else if (const auto* s = v.string()) write_string(m_out, *s);
        else if (const auto* a = v.array()) array(*a, depth);
        else if (const auto* o = v.object()) object(*o, depth);
        else m_out += "null";
    }
    std::string take() { return std::move(m_out); }

private:
    void separate(bool first, std::size_t depth) {
        if (!first) m_out += ',';
        if (m_pretty) m_out.append("\n").append(depth * 2, ' ');
        else if (!first) m_out += ' ';
    }
    void array(const Array& items, std::size_t depth) {
        m_out += '[';
        for (std::size_t i = 0; i < items.size(); ++i) {
            separate(i == 0, depth + 1);
            value(items[i], depth + 1);
        }
        if (m_pretty && !items.empty()) m_out.append("\n").append(depth * 2, ' ');
        m_out += ']';
    }
    void object(const Object& members, std::size_t depth) {
        std::vector<const std::pair<std::string, Value>*> sorted;
        sorted.reserve(members.size());
        for (const auto& member : members) sorted.push_back(&member);
        std::ranges::sort(sorted, {}, [](const auto* m) -> const std::string& { return m->first; });
        m_out += '{';
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            separate(i == 0, depth + 1);
            write_string(m_out, sorted[i]->first);
            m_out += ": ";
            value(sorted[i]->second, depth + 1);
        }
        if (m_pretty && !members.empty()) m_out.append("\n").append(depth * 2, ' ');
        m_out += '}';
    }

    bool m_pretty;
    std::string m_out;
};

}  // namespace

std::string write(const Value& value, Style style) {
    Writer writer(style);
    writer.value(value, 0);
    return writer.take();
}

std::string quote(std::string_view text) {
    std::string out;
    write_string(out, text);
    return out;
}

}  // namespace envlock::json
