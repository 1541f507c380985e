#include <envlock/index/config.hpp>

#include "index/settings.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock::index {
namespace {

// One index a URL; what a second mention knows more is kept.
void add_index(IndexConfig& out, IndexUrl index) {
    const auto known = std::ranges::find(out.indexes, index.url, &IndexUrl::url);
    if (known == out.indexes.end()) {
        out.indexes.push_back(std::move(index));
        return;
    }
    if (known->credentials.empty()) known->credentials = std::move(index.credentials);
    known->only_pinned &= index.only_pinned;
    for (auto& name : index.packages) known->packages.push_back(std::move(name));
}

void add_place(IndexConfig& out, LinksPlace place) {
    const auto known = std::ranges::find(out.find_links, place.place, &LinksPlace::place);
    if (known == out.find_links.end()) out.find_links.push_back(std::move(place));
    else if (known->credentials.empty()) known->credentials = std::move(place.credentials);
}

void add_main(IndexConfig& out, const ToolSettings& tool, std::string_view default_index) {
    if (!tool.configured || tool.no_index) return;
    if (tool.main) add_index(out, *tool.main);
    else if (!default_index.empty()) add_index(out, split_credentials(default_index, "default"));
}

void add_tool(IndexConfig& out, ToolSettings& tool) {
    if (!tool.no_index) {
        for (auto& index : tool.indexes) add_index(out, std::move(index));
    }
    for (auto& place : tool.find_links) add_place(out, std::move(place));
    for (auto& host : tool.trusted_hosts) out.trusted_hosts.push_back(std::move(host));
    for (auto& warning : tool.warnings) out.warnings.push_back(std::move(warning));
    if (out.ca_file.empty()) out.ca_file = std::move(tool.ca_file);
    if (out.client_cert.empty()) out.client_cert = std::move(tool.client_cert);
    if (out.proxy.empty()) out.proxy = std::move(tool.proxy), out.no_proxy = std::move(tool.no_proxy);
}

void add_flags(IndexConfig& out, const Surroundings& here, const Flags& flags) {
    for (const auto& url : flags.extra) add_index(out, split_credentials(url, "--extra-index-url"));
    for (const auto& value : flags.find_links) {
        if (auto place = links_place(here, value, here.project_root, "--find-links", out.warnings)) add_place(out, *std::move(place));
    }
    for (const auto& host : flags.trusted) out.trusted_hosts.push_back(host);
    if (!flags.cert.empty()) out.ca_file = path_setting(here, flags.cert, here.project_root);
    if (!flags.client_cert.empty()) out.client_cert = path_setting(here, flags.client_cert, here.project_root);
    if (!flags.proxy.empty()) out.proxy = flags.proxy, out.no_proxy.clear();
}

// What the tools take from the environment when their own settings are silent: uv SSL_CERT_FILE and
// SSL_CLIENT_CERT, pip the two names of its HTTP library.
void add_environment(IndexConfig& out, const Surroundings& here) {
    for (const auto* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
        if (out.ca_file.empty()) out.ca_file = here.variable(name);
    }
    if (out.client_cert.empty()) out.client_cert = here.variable("SSL_CLIENT_CERT");
}

void drop_what_cannot_be_asked(IndexConfig& out) {
    std::erase_if(out.indexes, [&](const IndexUrl& index) {
        if (is_http(index.url)) return false;
        out.warnings.push_back("index of " + index.origin + " is no http(s) URL and is not asked: " + shown_value(index.url));
        return true;
    });
}

}  // namespace

bool IndexUrl::serves(std::string_view normalized_name) const {
    return !only_pinned || std::ranges::find(packages, normalized_name) != packages.end();
}

IndexUrl split_credentials(std::string_view url, std::string origin) {
    IndexUrl out{.url = redact_url(url), .credentials = {}, .origin = std::move(origin)};
    if (!out.url.ends_with('/')) out.url += '/';
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return out;
    const auto authority = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
    const auto at = authority.rfind('@');
    if (at == std::string_view::npos) return out;
    const auto user = authority.substr(0, at);
    const auto colon = user.find(':');
    out.credentials = percent_decode(user.substr(0, colon)) + ":" + (colon == std::string_view::npos ? "" : percent_decode(user.substr(colon + 1)));
    return out;
}

IndexConfig resolve_config(const FileTree& files, const Environment& environment, std::string_view project_root, std::string_view venv,
                           const std::vector<std::string>& arguments, std::string_view default_index) {
    const Surroundings here{.files = files, .environment = environment, .project_root = project_root, .venv = venv};
    const auto flags = parse_flags(arguments);
    auto pip = pip_settings(here, flags);
    auto uv = uv_settings(here);
    if (!pip.configured && !uv.configured) pip.configured = true;
    IndexConfig out;
    if (!flags.index_url.empty()) {
        add_index(out, split_credentials(flags.index_url, "--index-url"));
    } else {
        add_main(out, pip, default_index);
    }
    add_tool(out, pip);
    add_tool(out, uv);
    if (flags.index_url.empty()) add_main(out, uv, default_index);
    add_flags(out, here, flags);
    add_environment(out, here);
    if (flags.no_index) out.indexes.clear();
    drop_what_cannot_be_asked(out);
    out.no_index = flags.no_index || (out.indexes.empty() && (pip.no_index || uv.no_index));
    return out;
}

}  // namespace envlock::index
