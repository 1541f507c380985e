#pragma once

#include <envlock/index/project_page.hpp>
#include <envlock/ports/cache_store.hpp>
#include <envlock/ports/http_transport.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace envlock::index {

// A page as it was received (or reduced, see below), with what is needed to ask again.
struct CachedPage {
    int status = 0;  // 200 or 404
    std::string content_type, etag, last_modified, final_url, body;
    std::int64_t fetched_at = 0, max_age = 0;  // seconds

    bool fresh_at(std::int64_t now) const { return now >= fetched_at && now - fetched_at < max_age; }
};

std::string encode_page(const CachedPage& page);
std::optional<CachedPage> decode_page(std::string_view bytes);

// The same page with no more of it than envlock reads, and without user information and queries: what is
// kept of an index with credentials and of a page whose URLs may be signed. Raw bytes are kept of public
// pages only, because writing them anew would cost more than the pages themselves, three hundred at a time.
// `all` is the page read without a version. A file that lost a query has the mark below.
CachedPage reduced_page(CachedPage page, const ProjectPage& all);
inline constexpr const char* k_cut_mark = "_envlock-url-is-cut";

// Cache-Control's max-age, or ten minutes when the server says nothing; no-store and no-cache: 0.
std::int64_t max_age_of(const HttpResponse& response);
bool forbids_storing(const HttpResponse& response);  // Cache-Control: no-store

}  // namespace envlock::index
