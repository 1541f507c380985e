#include "index/page_fetcher.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/redact.hpp>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_page = 64U << 20U;
constexpr const char* k_accept = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

// Another user may see another page. The store hashes its keys.
std::string key_of(const PageRequest& request) { return request.url + "\n" + (request.credentials.empty() ? "" : sha256_hex(request.credentials)); }

std::string header(const HttpResponse& response, const char* name) {
    const auto* value = response.header(name);
    return value == nullptr ? std::string() : *value;
}

}  // namespace

// What was received, as a page to keep; a 304 makes the kept one fresh again. It is read from the
// cache only now: pages that wait for their answer must not all lie in memory.
Result<FetchedPage> PageFetcher::receive(const PageRequest& request, HttpResponse response) const {
    FetchedPage out;
    const auto max_age = max_age_of(response);
    out.storable = !forbids_storing(response);
    if (response.status == 304) {
        const auto kept = m_cache.get("index", key_of(request));
        auto old = kept ? decode_page(*kept) : std::nullopt;
        if (!old) return fail(ErrorCode::response_malformed, redact_url(request.url), "HTTP 304, and there is no kept page");
        out.page = *std::move(old);
        out.as_kept = true;
    } else if (response.status != 200 && response.status != 404 && response.status != 410) {
        return fail(response.status == 401 || response.status == 403 ? ErrorCode::http_status : ErrorCode::network_unreachable, redact_url(request.url),
                    "HTTP " + std::to_string(response.status));
    } else {
        out.page = {.status = response.status, .content_type = header(response, "content-type"), .etag = header(response, "etag"),
                    .last_modified = header(response, "last-modified"), .final_url = redact_url(response.final_url),
                    .body = response.status == 200 ? std::move(response.body) : std::string()};
    }
    out.page.fetched_at = m_clock.now_seconds();
    out.page.max_age = max_age;
    return out;
}

void PageFetcher::fetch(const PageRequest& request, Done done) {
    auto old = std::optional<CachedPage>();
    if (!request.anew || m_offline) {
        if (const auto kept = m_cache.get("index", key_of(request))) old = decode_page(*kept);
    }
    if (old && (m_offline || old->fresh_at(m_clock.now_seconds()))) return done(FetchedPage{.page = *std::move(old), .from_cache = true});
    if (m_offline) return done(fail(ErrorCode::network_offline, redact_url(request.url)));
    HttpRequest http{.url = request.url, .headers = {{"Accept", k_accept}}, .range = std::nullopt, .max_bytes = k_most_page};
    // As the URL's own user information, which the transport keeps to this host.
    if (!request.credentials.empty()) http.headers.emplace_back("Authorization", "Basic " + base64(request.credentials));
    if (old && !old->etag.empty()) http.headers.emplace_back("If-None-Match", old->etag);
    else if (old && !old->last_modified.empty()) http.headers.emplace_back("If-Modified-Since", old->last_modified);
    m_http.submit(std::move(http), [this, request, done = std::move(done)](Result<HttpResponse> response) {
        if (!response) return done(tl::make_unexpected(response.error()));
        done(receive(request, *std::move(response)));
    });
}

void PageFetcher::keep(const PageRequest& request, const CachedPage& page) { m_cache.put("index", key_of(request), encode_page(page)); }

}  // namespace envlock::index
