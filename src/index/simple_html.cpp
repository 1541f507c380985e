#include <envlock/index/project_page.hpp>

#include "index/link_files.hpp"
#include "index/version_filter.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock::index {
namespace {

std::string attribute(const HtmlAnchor& anchor, const std::string& name) {
    const auto found = anchor.attributes.find(name);
    return found == anchor.attributes.end() ? std::string() : found->second;
}

std::string sha256_of(std::string_view text) {  // "sha256=<hex>"
    if (!text.starts_with("sha256=")) return {};
    auto hex = ascii_lower(text.substr(7, 64));
    const bool right = hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == std::string::npos;
    return right ? hex : std::string();
}

// The file name of a link: without folders, and "%2B" of a local version as the '+' that it is.
std::string last_part(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    url = url.substr(url.rfind('/') == std::string_view::npos ? 0 : url.rfind('/') + 1);
    std::string out;
    for (std::size_t i = 0; i < url.size(); ++i) {
        const auto byte = url[i] == '%' ? from_hex(url.substr(i + 1, 2)) : std::nullopt;
        const bool decoded = byte && byte->size() == 1;
        out += decoded ? (*byte)[0] : url[i];
        if (decoded) i += 2;
    }
    return out;
}

bool is_package_file(std::string_view name) {
    return std::ranges::any_of(std::initializer_list<std::string_view>{".whl", ".tar.gz", ".zip", ".egg", ".tar.bz2", ".tgz", ".tar.xz", ".exe"},
                               [&](std::string_view end) { return name.ends_with(end); });
}

PublishedFile file_of_link(const HtmlAnchor& anchor, std::string filename, const std::string& href, const std::string& base) {
    PublishedFile file{.filename = std::move(filename), .url = base.starts_with("file:") ? resolve_url(base, href) : resolve_file_url(base, href)};
    if (const auto hash = href.find('#'); hash != std::string::npos) file.sha256 = sha256_of(std::string_view(href).substr(hash + 1));
    for (const auto* name : {"data-core-metadata", "data-dist-info-metadata"}) {
        if (file.metadata_sha256.empty()) file.metadata_sha256 = sha256_of(attribute(anchor, name));
    }
    file.requires_python = attribute(anchor, "data-requires-python");
    if (const auto provenance = attribute(anchor, "data-provenance"); !provenance.empty()) file.provenance = resolve_file_url(base, provenance);
    file.yanked = anchor.attributes.contains("data-yanked");
    file.yanked_reason = attribute(anchor, "data-yanked");
    return file;
}

}  // namespace

std::vector<PublishedFile> files_of_links(const HtmlLinks& links, std::string_view base_url) {
    std::vector<PublishedFile> out;
    const auto base = links.base.empty() ? std::string(base_url) : resolve_url(base_url, links.base);
    for (const auto& anchor : links.anchors) {
        const auto href = attribute(anchor, "href");
        const auto text = std::string(trim(anchor.text));
        auto filename = last_part(is_package_file(text) ? text : href);
        if (is_package_file(filename)) out.push_back(file_of_link(anchor, std::move(filename), href, base));
    }
    return out;
}

Result<ProjectPage> page_from_links(const HtmlLinks& links, std::string_view base_url, std::string_view project, std::string_view only_version) {
    ProjectPage out{.name = std::string(project), .api_version = "1.0"};
    if (const auto version = links.metas.find("pypi:repository-version"); version != links.metas.end()) out.api_version = version->second;
    if (!out.api_version.starts_with("1.") && out.api_version != "1") {
        return fail(ErrorCode::response_malformed, out.name, "index API version " + escape_controls(out.api_version) + "; envlock knows 1.x");
    }
    if (const auto status = links.metas.find("pypi:project-status"); status != links.metas.end() && status->second != "active") out.status = status->second;
    if (const auto reason = links.metas.find("pypi:project-status-reason"); reason != links.metas.end()) out.status_reason = reason->second;
    VersionFilter filter(project, only_version);
    auto files = files_of_links(links, base_url);
    const bool any = !files.empty();
    for (auto& file : files) {
        out.has_private_urls |= has_private_parts(file);
        if (filter.keeps(file.filename)) out.files.push_back(std::move(file));
    }
    // A page that lists nothing and does not say that it is an index page may be a login page.
    if (!any && !links.metas.contains("pypi:repository-version")) return fail(ErrorCode::response_malformed, out.name, "an HTML page without package files");
    return out;
}

}  // namespace envlock::index
