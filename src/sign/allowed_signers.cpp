#include <envlock/sign/allowed_signers.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace envlock::sign {
namespace {

constexpr std::size_t k_most_lines = 10'000;

// The next word; quotes hold blanks together, as in OpenSSH's option lists.
std::string_view take_word(std::string_view& line) {
    line = trim(line);
    bool quoted = false;
    std::size_t end = 0;
    for (; end < line.size(); ++end) {
        if (line[end] == '"') quoted = !quoted;
        if (!quoted && (line[end] == ' ' || line[end] == '\t')) break;
    }
    const auto word = line.substr(0, end);
    line.remove_prefix(end);
    return word;
}

std::vector<std::string_view> split_options(std::string_view text) {
    std::vector<std::string_view> out;
    bool quoted = false;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] == '"') quoted = !quoted;
        if (i < text.size() && (quoted || text[i] != ',')) continue;
        out.push_back(text.substr(start, i - start));
        start = i + 1;
    }
    return out;
}

// "YYYYMMDD" or "YYYYMMDDHHMM[SS]", with or without Z. OpenSSH reads a time without Z as local time;
// two machines would then disagree about a key, so it is UTC here.
std::optional<std::int64_t> parse_time(std::string_view text) {
    if (text.ends_with('Z')) text.remove_suffix(1);
    if ((text.size() != 8 && text.size() != 12 && text.size() != 14) || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t size) {
        int out = 0;
        for (const char c : at < text.size() ? text.substr(at, size) : std::string_view()) out = out * 10 + (c - '0');
        return out;
    };
    const std::chrono::year_month_day day{std::chrono::year(number(0, 4)), std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                          std::chrono::day(static_cast<unsigned>(number(6, 2)))};
    if (!day.ok() || number(8, 2) > 23 || number(10, 2) > 59 || number(12, 2) > 60) return std::nullopt;
    const auto days = std::chrono::sys_days(day).time_since_epoch().count();
    return std::int64_t{days} * 86400 + number(8, 2) * 3600 + number(10, 2) * 60 + number(12, 2);
}

struct Options {
    bool certificate = false, for_us = true;
    std::optional<std::string> problem;
};

std::string_view unquote(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
    return text;
}

// One pattern of OpenSSH: '*' any run, '?' any one character. Iterative, linear in memory.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, retry = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
            ++p, ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

// A pattern list as OpenSSH reads it: one that is negated and matches refuses, whatever else matches.
bool list_matches(std::string_view list, std::string_view text) {
    bool found = false;
    for (const auto pattern : split(list, ',')) {
        if (pattern.starts_with('!') && matches(pattern.substr(1), text)) return false;
        found |= matches(pattern, text);
    }
    return found;
}

Options read_options(std::string_view text, TrustedKey& key) {
    Options out;
    std::vector<std::string> seen;
    for (const auto option : split_options(text)) {
        const auto equals = option.find('=');
        const auto name = ascii_lower(option.substr(0, equals));
        const auto value = equals == std::string_view::npos ? std::string_view() : unquote(option.substr(equals + 1));
        if (std::ranges::find(seen, name) != seen.end()) out.problem = name + " is given twice";
        seen.push_back(name);
        if (name == "cert-authority") {
            out.certificate = true;
        } else if (name == "namespaces") {
            out.for_us = list_matches(value, k_namespace);
        } else if (name == "valid-after" || name == "valid-before") {
            const auto time = parse_time(value);
            if (!time) out.problem = name + " is not a time: " + std::string(value);
            else (name == "valid-after" ? key.valid_after : key.valid_before) = *time;
        } else {
            out.problem = "unknown option " + std::string(option.substr(0, equals));
        }
    }
    return out;
}

bool is_key_type(std::string_view word) { return word.starts_with("ssh-") || word.starts_with("ecdsa-") || word.starts_with("sk-"); }

}  // namespace

Result<TrustStore> parse_allowed_signers(std::string_view text, std::string_view subject) {
    TrustStore out;
    std::int64_t number = 0;
    for (auto line : split_lines(text)) {
        const auto where = std::string(subject) + " line " + std::to_string(++number);
        if (number > static_cast<std::int64_t>(k_most_lines)) return fail(ErrorCode::config_malformed, where, "too many lines");
        line = trim(line);
        if (line.empty() || line.starts_with('#')) continue;
        TrustedKey key{.principal = std::string(unquote(take_word(line))), .key = {}, .line = number};
        auto word = take_word(line);
        Options options;
        if (!is_key_type(word)) {
            options = read_options(word, key);
            word = take_word(line);
        }
        if (options.problem) return fail(ErrorCode::config_malformed, where, escape_controls(*options.problem));
        if (options.certificate || !options.for_us) {
            out.warnings.push_back(where + (options.certificate ? ": certificate authorities are not supported" : ": for other namespaces"));
            continue;
        }
        auto read = PublicKey::from_openssh(word, take_word(line), where);
        if (!read && read.error().code == ErrorCode::unsupported) {
            out.warnings.push_back(to_line(read.error()));
            continue;
        }
        if (!read) return tl::make_unexpected(read.error());
        key.key = *std::move(read);
        out.keys.push_back(std::move(key));
    }
    return out;
}

}  // namespace envlock::sign
