#pragma once

#include "index/page_cache.hpp"

#include <envlock/base/result.hpp>
#include <envlock/ports/clock.hpp>

#include <functional>

namespace envlock::index {

struct PageRequest {
    std::string url;          // without user information; a query counts and is never stored
    std::string credentials;  // "user:password", or ""
    bool anew = false;        // what is kept does not count
};

struct FetchedPage {
    CachedPage page;
    bool from_cache = false;  // no request was sent
    bool storable = false;    // came whole just now, and may be kept
    bool as_kept = false;     // a kept page that the server says is still right
};

// One page by the rules of its Cache-Control: kept ones within their time, else by ETag or date. Whoever
// asked reads it and then says what to keep, because a page that makes no sense is not worth keeping.
class PageFetcher {
public:
    using Done = std::function<void(Result<FetchedPage>)>;
    PageFetcher(HttpTransport& http, CacheStore& cache, const Clock& clock, bool offline) : m_http(http), m_cache(cache), m_clock(clock), m_offline(offline) {}

    void fetch(const PageRequest& request, Done done);  // `done` at once, or in the transport's drain()
    void keep(const PageRequest& request, const CachedPage& page);

private:
    Result<FetchedPage> receive(const PageRequest& request, HttpResponse response) const;

    HttpTransport& m_http;
    CacheStore& m_cache;
    const Clock& m_clock;
    bool m_offline;
};

}  // namespace envlock::index
