#pragma once

#include <envlock/base/result.hpp>
#include <envlock/ports/html_reader.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

// One file that an index offers. Empty strings and -1 are "the index did not say".
struct PublishedFile {
    std::string filename;
    std::string url;              // absolute, http or https, without a fragment; "" = none usable
    std::string path;             // of a local file (find-links): absolute; url is "" then
    std::string sha256;           // hex, lower case
    std::string metadata_sha256;  // of the METADATA beside the wheel (PEP 658)
    std::string upload_time, requires_python, provenance;
    std::int64_t size = -1;
    bool yanked = false;
    // Comes from the cache, where no query or user information is kept, and had some: the index must be
    // asked anew (IndexClient::look_up_anew) before the file itself is.
    bool url_is_cut = false;
    std::string yanked_reason;
    std::string index;  // base URL of the index that offers it, redacted; filled in by IndexClient
};

// A project's page of the Simple API (PEP 503, 691, 700, 714, 740, 792).
struct ProjectPage {
    std::string name;
    std::string status, status_reason;  // "" = active
    std::string api_version;
    std::int64_t serial = -1;
    std::vector<PublishedFile> files;
    std::vector<std::string> warnings;
    bool has_private_urls = false;  // a URL of any version has a query or user information: it may be signed
};

// The JSON form. An unknown major version is an error, an unknown minor a warning. The whole page is
// validated. With `only_version` files of other versions are left out (literal equality first, then
// PEP 440). `base_url` is where the page came from, after redirects: relative URLs start there.
Result<ProjectPage> parse_simple_json(std::string_view body, std::string_view base_url, std::string_view project, std::string_view only_version = {});

// The HTML form, from its links.
Result<ProjectPage> page_from_links(const HtmlLinks& links, std::string_view base_url, std::string_view project, std::string_view only_version = {});

// A URL of the file has a query or user information.
bool has_private_parts(const PublishedFile& file);

// The same for a file of a page, which may name any scheme: "" unless the result is http or https,
// so that no page can send a later reader to a local file.
std::string resolve_file_url(std::string_view base, std::string_view reference);

// RFC 3986 resolution for the shapes that index pages hold: absolute, "//host/x", "/x", "x", "../x".
std::string resolve_url(std::string_view base, std::string_view reference);

}  // namespace envlock::index
