#include <envlock/version/pep440.hpp>

#include <envlock/base/text.hpp>

#include "version/characters.hpp"

#include <algorithm>
#include <array>

namespace envlock {
namespace {

constexpr std::size_t k_longest = 512;

std::string fold(std::string_view digits) {
    const auto first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? "0" : std::string(digits.substr(first));
}

// Both folded: then the longer is the greater.
std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() <=> b.size();
    return a.compare(b) <=> 0;
}

bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

// Reads from the front of lower-case text. Every optional separator is taken greedily: no later
// part needs one that an earlier part could have left, so there is nothing to go back for.
class Cursor {
public:
    explicit Cursor(std::string_view text) : m_rest(text) {}

    bool at_end() const { return m_rest.empty(); }
    bool take(std::string_view word) {
        if (!m_rest.starts_with(word)) return false;
        m_rest.remove_prefix(word.size());
        return true;
    }
    std::string_view digits() { return take_while(is_digit); }
    std::string_view alnums() { return take_while(is_alnum); }
    bool separator() {
        if (m_rest.empty() || !is_separator(m_rest.front())) return false;
        m_rest.remove_prefix(1);
        return true;
    }
    // An optional separator and then one of the words; nothing is taken when no word follows.
    template <std::size_t N>
    std::string_view word_after_separator(const std::array<std::string_view, N>& words) {
        const auto before = m_rest;
        separator();
        for (const auto word : words) {
            if (take(word)) return word;
        }
        m_rest = before;
        return {};
    }
    // The number behind a word: "a1", "a.1", and "a" for "a0".
    std::string number() {
        separator();
        return fold(digits());
    }
    bool digit_follows(std::string_view mark) const {
        return m_rest.starts_with(mark) && m_rest.size() > mark.size() && is_digit(m_rest[mark.size()]);
    }

private:
    template <class Predicate>
    std::string_view take_while(Predicate predicate) {
        const auto end = std::ranges::find_if_not(m_rest, predicate);
        const auto length = static_cast<std::size_t>(end - m_rest.begin());
        const auto out = m_rest.substr(0, length);
        m_rest.remove_prefix(length);
        return out;
    }
    std::string_view m_rest;
};

bool read_release(Cursor& in, Pep440& out) {
    auto number = in.digits();
    if (number.empty()) return false;
    if (in.take("!")) {
        out.epoch = fold(number);
        number = in.digits();
        if (number.empty()) return false;
    }
    out.release.push_back(fold(number));
    while (in.digit_follows(".")) {
        in.take(".");
        out.release.push_back(fold(in.digits()));
    }
    return true;
}

void read_suffixes(Cursor& in, Pep440& out) {
    constexpr std::array<std::string_view, 8> pre{"alpha", "a", "beta", "b", "preview", "pre", "rc", "c"};
    constexpr std::array<std::string_view, 3> post{"post", "rev", "r"};
    constexpr std::array<std::string_view, 1> dev{"dev"};
    if (const auto word = in.word_after_separator(pre); !word.empty()) {
        out.pre_kind = word[0] == 'a' ? "a" : word[0] == 'b' ? "b" : "rc";
        out.pre_number = in.number();
    }
    if (in.digit_follows("-")) {
        in.take("-");
        out.post = fold(in.digits());
    } else if (!in.word_after_separator(post).empty()) {
        out.post = in.number();
    }
    if (!in.word_after_separator(dev).empty()) out.dev = in.number();
}

bool read_local(Cursor& in, Pep440& out) {
    if (!in.take("+")) return true;
    do {
        const auto segment = in.alnums();
        if (segment.empty()) return false;
        out.local.push_back(all_digits(segment) ? fold(segment) : std::string(segment));
    } while (in.separator());
    return true;
}

std::strong_ordering compare_release(const Pep440& a, const Pep440& b) {
    const std::string zero = "0";
    for (std::size_t i = 0; i < std::max(a.release.size(), b.release.size()); ++i) {
        const auto& left = i < a.release.size() ? a.release[i] : zero;
        const auto& right = i < b.release.size() ? b.release[i] : zero;
        if (const auto order = compare_numbers(left, right); order != 0) return order;
    }
    return std::strong_ordering::equal;
}

// 1.0.dev1 is before 1.0a1, so a bare development release ranks below every pre-release; a final
// or post-release above.
int pre_rank(const Pep440& v) {
    if (v.pre_kind.empty()) return v.dev && !v.post ? 0 : 4;
    return v.pre_kind == "a" ? 1 : v.pre_kind == "b" ? 2 : 3;
}

// `absent` says which side a missing number stands on: -1 below every number, 1 above.
std::strong_ordering compare_optional(const std::optional<std::string>& a, const std::optional<std::string>& b, int absent) {
    if (a && b) return compare_numbers(*a, *b);
    return (a ? 0 : absent) <=> (b ? 0 : absent);
}

std::strong_ordering compare_local(const Pep440& a, const Pep440& b) {
    for (std::size_t i = 0; i < std::min(a.local.size(), b.local.size()); ++i) {
        const bool left = all_digits(a.local[i]), right = all_digits(b.local[i]);
        if (left != right) return left <=> right;
        const auto order = left ? compare_numbers(a.local[i], b.local[i]) : a.local[i].compare(b.local[i]) <=> 0;
        if (order != 0) return order;
    }
    return a.local.size() <=> b.local.size();
}

std::string joined(const std::vector<std::string>& parts, std::size_t from, std::size_t to) {
    std::string out;
    for (std::size_t i = from; i < to; ++i) {
        if (i > from) out += '.';
        out += parts[i];
    }
    return out;
}

std::size_t trimmed_length(const std::vector<std::string>& release) {
    auto length = release.size();
    while (length > 1 && release[length - 1] == "0") --length;
    return length;
}

std::string suffix_text(const Pep440& v) {
    auto out = v.pre_kind + v.pre_number;
    if (v.post) out += ".post" + *v.post;
    if (v.dev) out += ".dev" + *v.dev;
    return out;
}

std::string written(const Pep440& v, std::size_t release_length) {
    auto out = v.epoch == "0" ? std::string() : v.epoch + "!";
    out += joined(v.release, 0, release_length);
    out += suffix_text(v);
    if (!v.local.empty()) out += "+" + joined(v.local, 0, v.local.size());
    return out;
}

}  // namespace

std::optional<Pep440> parse_pep440(std::string_view text) {
    constexpr std::string_view space = " \t\n\r\f\v";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos || text.size() > k_longest) return std::nullopt;
    const auto lower = ascii_lower(text.substr(first, text.find_last_not_of(space) - first + 1));
    Cursor in(lower);
    Pep440 out;
    in.take("v");
    if (!read_release(in, out)) return std::nullopt;
    read_suffixes(in, out);
    if (!read_local(in, out) || !in.at_end()) return std::nullopt;
    return out;
}

std::strong_ordering compare(const Pep440& a, const Pep440& b) {
    if (const auto order = compare_numbers(a.epoch, b.epoch); order != 0) return order;
    if (const auto order = compare_release(a, b); order != 0) return order;
    if (const auto order = pre_rank(a) <=> pre_rank(b); order != 0) return order;
    if (const auto order = compare_numbers(a.pre_number, b.pre_number); order != 0) return order;
    if (const auto order = compare_optional(a.post, b.post, -1); order != 0) return order;
    if (const auto order = compare_optional(a.dev, b.dev, 1); order != 0) return order;
    return compare_local(a, b);
}

std::string canonical(const Pep440& version) { return written(version, version.release.size()); }

std::string canonical_key(const Pep440& version) { return written(version, trimmed_length(version.release)); }

std::vector<std::pair<std::string, std::string>> version_levels(std::string_view version) {
    const auto v = parse_pep440(version);
    if (!v) return {{"value", std::string(version)}};
    const auto length = trimmed_length(v->release);
    return {
        {"epoch", v->epoch},
        {"major", v->release[0]},
        {"minor", v->release.size() > 1 ? v->release[1] : "0"},
        {"micro", length > 2 ? joined(v->release, 2, length) : "0"},
        {"pre", suffix_text(*v)},
        {"local", joined(v->local, 0, v->local.size())},
    };
}

int compare_versions(std::string_view a, std::string_view b) {
    if (a == b) return 0;
    const auto left = parse_pep440(a), right = parse_pep440(b);
    if (!left || !right) return 2;
    const auto order = compare(*left, *right);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

}  // namespace envlock
