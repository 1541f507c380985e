#include <envlock/index/client.hpp>

#include "index/page_cache.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>

#include <map>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_page = 64U << 20U;
constexpr const char* k_accept = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

// One (project, version) that somebody waits for, until every index has spoken.
struct Wanted {
    std::string name, version;
    IndexClient::Done done;
    std::vector<Result<ProjectPage>> answers;  // one an index, in the order of the configuration
    std::size_t left = 0;
    std::int64_t fetched_at = 0;
    bool from_cache = true;
};

bool is_json(std::string_view type) { return type.find("+json") != std::string_view::npos || type.starts_with("application/json"); }
bool is_html(std::string_view type) { return type.starts_with("text/html") || type.find("+html") != std::string_view::npos; }

}  // namespace

struct IndexClient::State {
    HttpTransport& http;
    const HtmlReader& html;
    CacheStore& cache;
    const Clock& clock;
    IndexConfig config;
    bool offline;
    std::vector<std::shared_ptr<Wanted>> wanted;

    void ask(const std::shared_ptr<Wanted>& job, std::size_t number);
    Result<ProjectPage> read(const CachedPage& page, const Wanted& job) const;
    Result<CachedPage> receive(HttpResponse response, const std::string& key, const std::string& url);
    void answer(const std::shared_ptr<Wanted>& job, std::size_t number, Result<ProjectPage> page);
};

Result<ProjectPage> IndexClient::State::read(const CachedPage& page, const Wanted& job) const {
    if (page.status == 404 || page.status == 410) return ProjectPage{.name = job.name};
    const auto type = ascii_lower(page.content_type);
    if (is_json(type)) return parse_simple_json(page.body, page.final_url, job.name, job.version);
    if (is_html(type)) return page_from_links(ENVLOCK_TRY(html.links(page.body)), page.final_url, job.name, job.version);
    return fail(ErrorCode::response_malformed, page.final_url, "content type " + (type.empty() ? std::string("missing") : type));
}

// What was received, as a page to keep; a 304 makes the kept one fresh again. It is read from the
// cache only now: pages that wait for their answer must not all lie in memory.
Result<CachedPage> IndexClient::State::receive(HttpResponse response, const std::string& key, const std::string& url) {
    const auto header = [&](const char* name) {
        const auto* value = response.header(name);
        return value == nullptr ? std::string() : *value;
    };
    CachedPage page;
    if (response.status == 304) {
        const auto kept = cache.get("index", key);
        auto old = kept ? decode_page(*kept) : std::nullopt;
        if (!old) return fail(ErrorCode::response_malformed, redact_url(url), "HTTP 304, and there is no kept page");
        page = *std::move(old);
    } else if (response.status != 200 && response.status != 404 && response.status != 410) {
        return fail(response.status == 401 || response.status == 403 ? ErrorCode::http_status : ErrorCode::network_unreachable, redact_url(url),
                    "HTTP " + std::to_string(response.status));
    } else {
        page = {.status = response.status, .content_type = header("content-type"), .etag = header("etag"), .last_modified = header("last-modified"),
                .final_url = response.final_url, .body = response.status == 200 ? std::move(response.body) : std::string()};
    }
    page.fetched_at = clock.now_seconds();
    page.max_age = max_age_of(response);
    return page;
}

void IndexClient::State::ask(const std::shared_ptr<Wanted>& job, std::size_t number) {
    const auto& index = config.indexes[number];
    const auto url = index.url + job->name + "/";
    const auto key = url + "\n" + (index.credentials.empty() ? "" : sha256_hex(index.credentials));  // another user may see another page
    const auto kept = cache.get("index", key);
    const auto old = kept ? decode_page(*kept) : std::nullopt;
    if (old && (offline || old->fresh_at(clock.now_seconds()))) {
        job->fetched_at = old->fetched_at;
        return answer(job, number, read(*old, *job));
    }
    if (offline) return answer(job, number, fail(ErrorCode::network_offline, redact_url(url)));
    HttpRequest request{.url = url, .headers = {{"Accept", k_accept}}, .range = std::nullopt, .max_bytes = k_most_page};
    // As the URL's own user information, which the transport keeps to this host.
    if (!index.credentials.empty()) request.headers.emplace_back("Authorization", "Basic " + base64(index.credentials));
    if (old && !old->etag.empty()) request.headers.emplace_back("If-None-Match", old->etag);
    else if (old && !old->last_modified.empty()) request.headers.emplace_back("If-Modified-Since", old->last_modified);
    job->from_cache = false;
    http.submit(std::move(request), [this, job, number, url, key](Result<HttpResponse> response) {
        if (!response) return answer(job, number, tl::make_unexpected(response.error()));
        const bool storable = !forbids_storing(*response);
        const auto page = receive(*std::move(response), key, url);
        if (!page) return answer(job, number, tl::make_unexpected(page.error()));
        job->fetched_at = page->fetched_at;
        auto result = read(*page, *job);
        if (result && storable) cache.put("index", key, encode_page(*page));  // a page that makes no sense is not kept
        answer(job, number, std::move(result));
    });
}

// When the last index has answered: the files of all, or the first error when nobody has any.
void IndexClient::State::answer(const std::shared_ptr<Wanted>& job, std::size_t number, Result<ProjectPage> page) {
    job->answers[number] = std::move(page);
    if (--job->left > 0) return;
    Lookup out{.page = ProjectPage{.name = job->name}, .index = config.indexes.front().url, .fetched_at = job->fetched_at, .from_cache = job->from_cache};
    const Error* problem = nullptr;
    for (std::size_t i = 0; i < job->answers.size(); ++i) {
        auto& each = job->answers[i];
        if (!each) {
            if (problem == nullptr) problem = &each.error();
            // With files from elsewhere this is no error any more, but still not "asked and found nothing".
            out.page->warnings.push_back("index " + config.indexes[i].url + " gave no answer: " + to_line(each.error()));
            continue;
        }
        if (out.page->files.empty() && !each->files.empty()) out.index = config.indexes[i].url;
        if (out.page->status.empty()) out.page->status = each->status, out.page->status_reason = each->status_reason;
        if (out.page->serial < 0) out.page->serial = each->serial;
        for (auto& file : each->files) {
            file.index = config.indexes[i].url;
            out.page->files.push_back(std::move(file));
        }
        for (auto& warning : each->warnings) out.page->warnings.push_back(std::move(warning));
    }
    if (problem != nullptr && out.page->files.empty()) out.page = tl::make_unexpected(*problem);
    job->done(std::move(out));
}

IndexClient::IndexClient(HttpTransport& http, const HtmlReader& html, CacheStore& cache, const Clock& clock, IndexConfig config, bool offline)
    : m_state(new State{http, html, cache, clock, std::move(config), offline, {}}) {}
IndexClient::~IndexClient() = default;

void IndexClient::look_up(std::string name, std::string version, Done done) {
    auto job = std::make_shared<Wanted>();
    job->name = normalize_name(name);
    job->version = std::move(version);
    job->done = std::move(done);
    job->left = m_state->config.indexes.size();
    job->answers.assign(job->left, fail(ErrorCode::internal, job->name));
    m_state->wanted.push_back(std::move(job));
}

void IndexClient::run() {
    const auto wanted = std::exchange(m_state->wanted, {});
    for (const auto& job : wanted) {
        if (m_state->config.indexes.empty()) {
            job->done({.page = fail(ErrorCode::index_not_configured, m_state->config.no_index ? "--no-index" : "", ""), .index = {}});
            continue;
        }
        for (std::size_t number = 0; number < m_state->config.indexes.size(); ++number) m_state->ask(job, number);
    }
    m_state->http.drain();
}

}  // namespace envlock::index
