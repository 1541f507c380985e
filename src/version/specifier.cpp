#include <envlock/version/specifier.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace envlock {
namespace {

using enum Specifier::Op;

constexpr std::size_t k_most_clauses = 200;
// The longer operator first: "===" begins with "==".
constexpr std::array<std::pair<std::string_view, Specifier::Op>, 8> k_operators{{
    {"===", identical}, {"==", equal}, {"!=", not_equal}, {"~=", compatible}, {">=", at_least}, {"<=", at_most}, {">", above}, {"<", below}}};

Pep440 public_part(Pep440 version) {
    version.local.clear();
    return version;
}

// The epoch and the release, nothing else.
Pep440 base_part(const Pep440& version) { return {.epoch = version.epoch, .release = version.release}; }

bool same_base(const Pep440& a, const Pep440& b) { return compare(base_part(a), base_part(b)) == std::strong_ordering::equal; }

bool has_prefix(const Pep440& version, const std::string& epoch, const std::vector<std::string>& release, std::size_t length) {
    if (version.epoch != epoch) return false;
    for (std::size_t i = 0; i < length; ++i) {
        if ((i < version.release.size() ? version.release[i] : "0") != release[i]) return false;
    }
    return true;
}

bool is_equal(const Pep440& version, const Specifier& specifier) {
    if (specifier.prefix) return has_prefix(version, specifier.version.epoch, specifier.version.release, specifier.version.release.size());
    // "==1.0" does not mind a local version; "==1.0+cu121" does.
    return compare(specifier.version.local.empty() ? public_part(version) : version, specifier.version) == std::strong_ordering::equal;
}

// "<1.0" leaves out 1.0's own pre-releases, and ">1.0" its post-releases and local versions.
bool is_below(const Pep440& version, const Pep440& limit) {
    const auto is_pre = [](const Pep440& v) { return !v.pre_kind.empty() || v.dev.has_value(); };
    return compare(version, limit) == std::strong_ordering::less && (is_pre(limit) || !is_pre(version) || !same_base(version, limit));
}
bool is_above(const Pep440& version, const Pep440& limit) {
    if (compare(version, limit) != std::strong_ordering::greater) return false;
    if (!limit.post && version.post && same_base(version, limit)) return false;
    return version.local.empty() || !same_base(version, limit);
}

std::optional<Specifier> parse_clause(std::string_view clause) {
    clause = trim(clause);
    const auto* found = std::ranges::find_if(k_operators, [&](const auto& each) { return clause.starts_with(each.first); });
    if (found == k_operators.end()) return std::nullopt;
    Specifier out;
    out.op = found->second;
    auto text = trim(clause.substr(found->first.size()));
    if (out.op == identical) {
        out.text = text;
        if (text.empty() || text.find_first_of(" \t;)") != std::string_view::npos) return std::nullopt;
        return out;
    }
    if ((out.op == equal || out.op == not_equal) && text.ends_with(".*")) {
        out.prefix = true;
        text.remove_suffix(2);
    }
    auto version = parse_pep440(text);
    if (!version) return std::nullopt;
    const bool only_release = version->pre_kind.empty() && !version->post && !version->dev && version->local.empty();
    if (out.prefix && !only_release) return std::nullopt;
    if (out.op != equal && out.op != not_equal && !version->local.empty()) return std::nullopt;
    if (out.op == compatible && version->release.size() < 2) return std::nullopt;
    out.text = text;
    out.version = *std::move(version);
    return out;
}

}  // namespace

std::optional<std::vector<Specifier>> parse_specifiers(std::string_view text) {
    std::vector<Specifier> out;
    if (trim(text).empty()) return out;
    for (const auto clause : split(text, ',')) {
        if (trim(clause).empty()) continue;  // ">=3.8," is written and read everywhere
        auto parsed = parse_clause(clause);
        if (!parsed || out.size() >= k_most_clauses) return std::nullopt;
        out.push_back(*std::move(parsed));
    }
    return out;
}

bool satisfies(std::string_view text, const Specifier& specifier) {
    if (specifier.op == identical) return iequals_ascii(trim(text), specifier.text);
    const auto version = parse_pep440(text);
    if (!version) return false;
    const auto& limit = specifier.version;
    switch (specifier.op) {
        case equal: return is_equal(*version, specifier);
        case not_equal: return !is_equal(*version, specifier);
        case at_least: return compare(public_part(*version), limit) != std::strong_ordering::less;
        case at_most: return compare(public_part(*version), limit) != std::strong_ordering::greater;
        case above: return is_above(*version, limit);
        case below: return is_below(*version, limit);
        case compatible:
            return compare(public_part(*version), limit) != std::strong_ordering::less &&
                   has_prefix(*version, limit.epoch, limit.release, limit.release.size() - 1);
        case identical: break;
    }
    return false;
}

bool satisfies(std::string_view version, const std::vector<Specifier>& specifiers) {
    return std::ranges::all_of(specifiers, [&](const Specifier& each) { return satisfies(version, each); });
}

}  // namespace envlock
