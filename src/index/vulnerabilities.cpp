#include <envlock/index/vulnerabilities.hpp>

#include "index/caps.hpp"

#include <envlock/version/name.hpp>
#include <envlock/version/pep440.hpp>

#include <simdjson.h>

#include <algorithm>

namespace envlock::index {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t k_most_bytes = 64U << 20U;
constexpr std::size_t k_most_vulnerabilities = 10'000;
constexpr std::size_t k_most_roles = 1'000;
constexpr std::size_t k_most_strings = 256;  // aliases of one, fixed versions of one
constexpr std::size_t k_most_name = 256, k_most_link = 2048, k_most_summary = 512, k_most_details = 4096;

std::string text_of(const dom::object& object, const char* key, std::size_t most) {
    std::string_view out;
    if (object[key].get(out) != simdjson::SUCCESS) return {};
    return capped(out, most);
}

std::vector<std::string> strings_of(const dom::object& object, const char* key) {
    std::vector<std::string> out;
    dom::array items;
    if (object[key].get(items) != simdjson::SUCCESS) return out;
    for (const auto& element : items) {
        std::string_view text;
        if (out.size() < k_most_strings && element.get(text) == simdjson::SUCCESS && !text.empty()) out.push_back(capped(text, k_most_name));
    }
    return out;
}

void sort_unique(auto& list) {
    std::ranges::sort(list);
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

// A member that is missing or null was not said.
bool is_said(const dom::object& root, const char* key) {
    dom::element element;
    return root[key].get(element) == simdjson::SUCCESS && !element.is_null();
}

std::string link_of(const dom::object& object) {
    std::string_view link;
    if (object["link"].get(link) != simdjson::SUCCESS || link.size() > k_most_link) return {};
    const auto scheme = ascii_lower(link.substr(0, 8));
    return scheme.starts_with("http://") || scheme == "https://" ? std::string(link) : std::string();
}

Vulnerability read_vulnerability(const dom::object& object, std::string id) {
    Vulnerability out{.id = std::move(id)};
    out.aliases = strings_of(object, "aliases");
    sort_unique(out.aliases);
    std::erase(out.aliases, out.id);
    out.link = link_of(object);
    out.summary = text_of(object, "summary", k_most_summary);
    out.details = text_of(object, "details", k_most_details);
    out.fixed_in = strings_of(object, "fixed_in");
    return out;
}

Result<void> read_vulnerabilities(ReleaseFacts& out, const dom::object& root, std::string_view subject) {
    const auto malformed = [&](std::string detail) { return fail(ErrorCode::response_malformed, std::string(subject), std::move(detail)); };
    if (!is_said(root, "vulnerabilities")) return {};
    dom::array items;
    if (root["vulnerabilities"].get(items) != simdjson::SUCCESS) return malformed("\"vulnerabilities\" is no list");
    out.vulnerabilities.emplace();
    std::size_t count = 0, nameless = 0;
    for (const auto& element : items) {
        if (++count > k_most_vulnerabilities) return malformed("too many vulnerabilities");
        dom::object object;
        if (element.get(object) != simdjson::SUCCESS) return malformed("an entry of \"vulnerabilities\" is no object");
        if (!text_of(object, "withdrawn", 1).empty()) continue;
        auto id = text_of(object, "id", k_most_name);
        if (id.empty()) ++nameless;
        else out.vulnerabilities->push_back(read_vulnerability(object, std::move(id)));
    }
    std::ranges::stable_sort(*out.vulnerabilities, {}, &Vulnerability::id);
    if (nameless != 0) out.warnings.push_back(std::to_string(nameless) + " of the vulnerabilities without an id");
    return {};
}

Result<void> read_ownership(ReleaseFacts& out, const dom::object& root, std::string_view subject) {
    if (!is_said(root, "ownership")) return {};
    dom::object ownership;
    dom::array roles;
    const auto malformed = [&](std::string detail) { return fail(ErrorCode::response_malformed, std::string(subject), std::move(detail)); };
    if (root["ownership"].get(ownership) != simdjson::SUCCESS) return malformed("\"ownership\" is no object");
    if (ownership["roles"].get(roles) != simdjson::SUCCESS) return malformed("\"ownership\" has no list of roles");
    out.ownership.emplace();
    out.ownership->organization = text_of(ownership, "organization", k_most_name);
    for (const auto& element : roles) {
        dom::object role;
        if (out.ownership->roles.size() == k_most_roles) return malformed("too many roles");
        if (element.get(role) != simdjson::SUCCESS) return malformed("an entry of \"roles\" is no object");
        out.ownership->roles.push_back({text_of(role, "role", k_most_name), text_of(role, "user", k_most_name)});
    }
    sort_unique(out.ownership->roles);
    return {};
}

// For one piece of a path: what RFC 3986 does not reserve, and "!" and "+", which versions have.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!+";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (kept.find(c) != std::string_view::npos) out += c;
        else out.append("%").append(1, hex[byte >> 4U]).append(1, hex[byte & 15U]);
    }
    return out;
}

}  // namespace

Result<ReleaseFacts> parse_release_json(std::string_view body, std::string_view subject) {
    if (body.size() > k_most_bytes) return fail(ErrorCode::response_too_large, std::string(subject), std::to_string(body.size()) + " bytes");
    dom::parser parser;
    dom::object root;
    const simdjson::padded_string padded(body);
    if (const auto problem = parser.parse(padded).get(root); problem != simdjson::SUCCESS) {
        return fail(ErrorCode::response_malformed, std::string(subject), std::string("release is not JSON: ") + simdjson::error_message(problem));
    }
    ReleaseFacts out;
    ENVLOCK_CHECK(read_vulnerabilities(out, root, subject));
    ENVLOCK_CHECK(read_ownership(out, root, subject));
    return out;
}

std::optional<std::string> release_json_url(std::string_view base_url, std::string_view name, std::string_view version) {
    constexpr std::string_view ending = "/simple/";
    const auto host_at = ascii_lower(base_url.substr(0, 8)) == "https://" ? 8U : 7U;
    if (host_at == 7 && ascii_lower(base_url.substr(0, 7)) != "http://") return std::nullopt;
    // The ending is looked for in the path: in "https://simple/" it would be the host.
    if (base_url.find('/', host_at) == host_at || !base_url.substr(host_at).ends_with(ending)) return std::nullopt;
    if (base_url.find_first_of("?#") != std::string_view::npos) return std::nullopt;
    if (!is_valid_name(name) || trim(version) != version || !parse_pep440(version)) return std::nullopt;
    base_url.remove_suffix(ending.size());
    return std::string(base_url) + "/pypi/" + normalize_name(name) + "/" + percent_encoded(version) + "/json";
}

}  // namespace envlock::index
