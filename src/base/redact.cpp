#include <envlock/base/redact.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace envlock {
namespace {

bool is_scheme_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
}

// The length of "scheme://" at the start of `text`, or 0.
std::size_t scheme_length(std::string_view text) {
    const auto end = text.find("://");
    if (end == std::string_view::npos || end == 0 || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return 0;
    return std::ranges::all_of(text.substr(0, end), is_scheme_char) ? end + 3 : 0;
}

bool harmless_parameter(std::string_view parameter) {
    constexpr std::array<std::string_view, 7> names{"subdirectory=", "egg=", "sha256=", "sha384=", "sha512=", "md5=", "sha1="};
    return std::ranges::any_of(names, [&](auto name) { return parameter.starts_with(name); });
}

std::string kept_parameters(std::string_view list) {
    std::string out;
    for (const auto parameter : split(list, '&')) {
        if (!harmless_parameter(parameter)) continue;
        if (!out.empty()) out += '&';
        out += parameter;
    }
    return out;
}

struct SecretShape {
    std::string_view name, prefix;
    std::size_t least;  // characters of the token after the prefix
};
// Prefixes that their services publish for scanners.
constexpr std::array<SecretShape, 14> k_shapes{{
    {"private key block", "-----BEGIN OPENSSH PRIVATE KEY", 0}, {"private key block", "-----BEGIN PRIVATE KEY", 0},
    {"private key block", "-----BEGIN RSA PRIVATE KEY", 0}, {"private key block", "-----BEGIN EC PRIVATE KEY", 0},
    {"private key block", "-----BEGIN ENCRYPTED PRIVATE KEY", 0},
    {"forge token", "ghp_", 30}, {"forge token", "gho_", 30}, {"forge token", "ghs_", 30}, {"forge token", "github_pat_", 40},
    {"forge token", "glpat-", 20}, {"index token", "pypi-AgEI", 30}, {"cloud key", "AKIA", 16}, {"chat token", "xoxb-", 20},
    {"model hub token", "hf_", 30},
}};

bool has_token(std::string_view text, const SecretShape& shape) {
    for (auto at = text.find(shape.prefix); at != std::string_view::npos; at = text.find(shape.prefix, at + 1)) {
        if (at > 0 && (std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0 || text[at - 1] == '_')) continue;
        const auto rest = text.substr(at + shape.prefix.size());
        const auto end = std::ranges::find_if_not(rest, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; });
        if (static_cast<std::size_t>(end - rest.begin()) >= shape.least) return true;
    }
    return false;
}

bool has_url_password(std::string_view text) {
    for (auto at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 1)) {
        const auto rest = text.substr(at + 3);
        const auto authority = rest.substr(0, rest.find_first_of("/?# \t\r\n\"'<>\\"));
        const auto user = authority.rfind('@');
        if (user == std::string_view::npos) continue;
        const auto colon = authority.substr(0, user).find(':');
        if (colon == std::string_view::npos || colon + 1 == user) continue;
        const auto password = authority.substr(colon + 1, user - colon - 1);
        if (!password.starts_with("${")) return true;
    }
    return false;
}

}  // namespace

std::string redact_url(std::string_view url) {
    const auto scheme = scheme_length(url);
    if (scheme == 0) return std::string(url);
    std::string out(url.substr(0, scheme));
    auto rest = url.substr(scheme);
    const auto authority_end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto authority = rest.substr(0, authority_end);
    const auto user = authority.rfind('@');
    out += user == std::string_view::npos ? authority : authority.substr(user + 1);
    rest.remove_prefix(authority_end);
    const auto fragment_at = std::min(rest.find('#'), rest.size());
    const auto query_at = std::min(rest.find('?'), fragment_at);
    out += rest.substr(0, query_at);
    if (fragment_at < rest.size()) {
        const auto kept = kept_parameters(rest.substr(fragment_at + 1));
        if (!kept.empty()) out += "#" + kept;
    }
    return out;
}

std::string redact_urls_in(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto mark = text.find("://");
        if (mark == std::string_view::npos) break;
        auto start = mark;
        while (start > 0 && is_scheme_char(text[start - 1])) --start;
        const auto end = std::min(text.find_first_of(" \t\r\n\"'<>", mark), text.size());
        out += text.substr(0, start);
        out += redact_url(text.substr(start, end - start));
        text.remove_prefix(end);
    }
    return out.append(text);
}

std::string replace_folders(std::string_view text, const std::map<std::string, std::string>& folders) {
    const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.'; };
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto rest = text.substr(at);
        const auto ends_at = [&](std::size_t length) { return rest.size() == length || !is_name(rest[length]); };
        // "x/home/ada" is another folder's home; "file:///home/ada" and "-L/home/ada" are not.
        const bool begins = text[at] == '/' && (at == 0 || (!is_name(text[at - 1]) || text[at - 1] == '-') || (at > 1 && text[at - 2] == '-'));
        const std::pair<const std::string, std::string>* best = nullptr;
        for (const auto& folder : folders) {
            const auto& path = folder.first;
            if (!begins || path.size() < 2 || path.front() != '/' || path.back() == '/' || !rest.starts_with(path) || !ends_at(path.size())) continue;
            if (best == nullptr || path.size() > best->first.size()) best = &folder;
        }
        if (best != nullptr) {
            out += best->second;
            at += best->first.size();
            continue;
        }
        std::size_t home = 0;
        for (const std::string_view parent : {"/home/", "/Users/"}) {
            if (begins && rest.starts_with(parent) && rest.size() > parent.size() && is_name(rest[parent.size()])) home = parent.size();
        }
        if (home == 0) {
            out += text[at++];
            continue;
        }
        out.append(rest.substr(0, home)).append("*");
        at += home;
        while (at < text.size() && is_name(text[at])) ++at;
    }
    return out;
}

std::optional<std::string> find_secret(std::string_view text) {
    for (const auto& shape : k_shapes) {
        if (has_token(text, shape)) return std::string(shape.name);
    }
    if (has_url_password(text)) return "URL with a password";
    return std::nullopt;
}

}  // namespace envlock
