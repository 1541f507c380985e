#include <envlock/index/upstream.hpp>

#include "index/page_cache.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

namespace envlock::index {
namespace {

constexpr const char* k_bucket = "upstream";
constexpr std::size_t k_most_bytes = 8U << 20U;

Result<std::string> body_of(const CachedPage& page, const std::string& url) {
    if (page.status == 200) return page.body;
    return fail(ErrorCode::http_status, redact_url(url), "HTTP " + std::to_string(page.status));
}

// "None there" is an answer too, and is kept like one.
bool is_answer(int status) { return status == 200 || status == 403 || status == 404 || status == 410; }

}  // namespace

std::string origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    auto authority = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    return ascii_lower(url.substr(0, scheme + 3)) + ascii_lower(authority);
}

std::map<std::string, std::string> authorizations(const IndexConfig& config) {
    std::map<std::string, std::string> out;
    for (const auto& index : config.indexes) {
        if (!index.credentials.empty()) out.emplace(origin_of(index.url), "Basic " + base64(index.credentials));
    }
    return out;
}

Upstream::Upstream(HttpTransport& http, CacheStore& cache, const Clock& clock, const IndexConfig& config)
    : m_http(http), m_cache(cache), m_clock(clock), m_authorization(authorizations(config)) {}

void Upstream::get(const std::string& url, const char* accept, std::function<void(Body)> done) {
    if (const auto kept = m_cache.get(k_bucket, url)) {
        if (const auto page = decode_page(*kept); page && page->fresh_at(m_clock.now_seconds())) return done(body_of(*page, url));
    }
    HttpRequest request{.url = url, .headers = {{"Accept", accept}}, .range = std::nullopt, .max_bytes = k_most_bytes};
    if (const auto own = m_authorization.find(origin_of(url)); own != m_authorization.end()) request.headers.emplace_back("Authorization", own->second);
    m_http.submit(std::move(request), [this, url, done = std::move(done)](Result<HttpResponse> response) {
        if (!response) return done(tl::make_unexpected(response.error()));
        if (!is_answer(response->status)) return done(fail(ErrorCode::network_unreachable, redact_url(url), "HTTP " + std::to_string(response->status)));
        const CachedPage page{.status = response->status, .content_type = {}, .etag = {}, .last_modified = {}, .final_url = {}, .body = std::move(response->body),
                              .fetched_at = m_clock.now_seconds(), .max_age = max_age_of(*response)};
        if (!forbids_storing(*response) && url.find('?') == std::string::npos) m_cache.put(k_bucket, url, encode_page(page));
        done(body_of(page, url));
    });
}

void Upstream::provenance(const PublishedFile& file, std::function<void(Result<Provenance>)> done) {
    get(file.provenance, "application/vnd.pypi.integrity.v1+json, application/json;q=0.5", [file, done = std::move(done)](const Body& body) {
        if (!body) return done(tl::make_unexpected(body.error()));
        done(read_provenance(*body, file.filename, file.sha256));
    });
}

void Upstream::release(const std::string& index, const std::string& name, const std::string& version, std::function<void(Result<ReleaseFacts>)> done) {
    const auto url = release_json_url(index, name, version);
    if (!url) return done(fail(ErrorCode::unsupported, redact_url(index), "no address for single releases"));
    get(*url, "application/json", [name, done = std::move(done)](const Body& body) {
        if (!body) return done(tl::make_unexpected(body.error()));
        done(parse_release_json(*body, name));
    });
}

}  // namespace envlock::index
