#include "index/settings.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace envlock::index {

std::string Surroundings::variable(const std::string& name) const {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

std::string percent_decode(std::string_view text) {
    const auto hex = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') word += c;
        else if (!word.empty()) out.push_back(std::exchange(word, {}));
    }
    if (!word.empty()) out.push_back(std::move(word));
    return out;
}

bool is_yes(std::string_view text) {
    const auto lower = ascii_lower(trim(text));
    constexpr std::array<std::string_view, 6> yes{"y", "yes", "t", "true", "on", "1"};
    return std::ranges::find(yes, lower) != yes.end();
}

std::string shown_value(std::string_view value) {
    if (value.find("://") == std::string_view::npos && value.find('@') != std::string_view::npos) return "(not shown)";
    return redact_url(value);
}

bool is_http(std::string_view url) {
    const auto scheme = ascii_lower(url.substr(0, 8));
    return scheme == "https://" || scheme.starts_with("http://");
}

namespace {

// A page of links may need its query, which is why this is not redact_url.
std::string without_user(std::string_view url) {
    url = url.substr(0, url.find('#'));
    const auto start = url.find("://") + 3;
    const auto authority = url.substr(start, url.find_first_of("/?", start) - start);
    const auto at = authority.rfind('@');
    return std::string(url.substr(0, start)).append(url.substr(at == std::string_view::npos ? start : start + at + 1));
}

}  // namespace

std::string path_setting(const Surroundings& here, std::string_view value, std::string_view folder) {
    value = trim(value);
    if (value.empty()) return {};
    const auto home = here.home();
    if (value == "~" || value.starts_with("~/")) return home.empty() ? std::string(value) : resolve_lexically(home, value.substr(std::min<std::size_t>(value.size(), 2)));
    return resolve_lexically(folder, value);
}

std::optional<LinksPlace> links_place(const Surroundings& here, std::string_view value, std::string_view folder, const std::string& origin,
                                      std::vector<std::string>& warnings) {
    value = trim(value);
    if (value.empty()) return std::nullopt;
    if (is_http(value)) {
        return LinksPlace{.place = without_user(value), .credentials = split_credentials(value, origin).credentials, .origin = origin, .shown = redact_url(value)};
    }
    const bool is_url = ascii_lower(value.substr(0, 5)) == "file:";
    if (!is_url && value.find("://") != std::string_view::npos) {
        warnings.push_back("find-links of " + origin + " is neither a path nor an http(s) or file URL and is not read: " + shown_value(value));
        return std::nullopt;
    }
    std::string decoded;
    if (is_url) {
        auto rest = value.substr(5);
        if (rest.starts_with("//")) rest = rest.substr(std::min(rest.find('/', 2), rest.size()));  // no host, or one that is this machine
        decoded = percent_decode(rest.substr(0, rest.find_first_of("?#")));
        value = decoded;
    }
    auto path = path_setting(here, value, folder);
    if (path.find('\0') != std::string::npos || !path.starts_with('/') || !here.files.real_path(path)) {
        warnings.push_back("find-links of " + origin + ": nothing lies there: " + shown_value(path));
        return std::nullopt;
    }
    const auto shown = replace_folders(path, {{std::string(here.project_root), "$PROJECT"}, {std::string(here.venv), "$VENV"}, {here.home(), "$HOME"}});
    return LinksPlace{.place = std::move(path), .credentials = {}, .origin = origin, .shown = "file://" + shown};
}

}  // namespace envlock::index
