#include <envlock/index/client.hpp>

#include "index/find_links.hpp"
#include "index/page_fetcher.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>

#include <optional>

namespace envlock::index {
namespace {

// Whom one look-up asks: an index, or a place of links.
struct Source {
    bool is_index = true;
    std::size_t number = 0;
};

// One (project, version) that somebody waits for, until every source has spoken.
struct Wanted {
    std::string name, version;
    bool anew = false;
    IndexClient::Done done;
    std::vector<Source> sources;
    std::vector<Result<ProjectPage>> answers;  // one a source
    std::size_t left = 0;
    std::int64_t fetched_at = 0;
    bool from_cache = true;
};
using Job = std::shared_ptr<Wanted>;

// A find-links place, listed once for everybody.
struct Place {
    LinksPlace where;
    std::optional<Result<Listing>> listing;
    bool asked = false, from_cache = true;
    std::int64_t fetched_at = 0;
    std::vector<std::pair<Job, std::size_t>> waiting;
};

bool is_json(std::string_view type) { return type.find("+json") != std::string_view::npos || type.starts_with("application/json"); }
bool is_html(std::string_view type) { return type.starts_with("text/html") || type.find("+html") != std::string_view::npos; }

}  // namespace

struct IndexClient::State {
    const FileTree& files;
    const HtmlReader& html;
    HttpTransport& http;
    PageFetcher fetcher;
    const Clock& clock;
    IndexConfig config;
    std::vector<Place> places;
    std::vector<Job> wanted;

    void ask_index(const Job& job, std::size_t slot);
    void ask_place(const Job& job, std::size_t slot);
    void fetch_place(Place& place, bool anew);
    void answer_from(const Place& place, const Job& job, std::size_t slot);
    Result<ProjectPage> read(const CachedPage& page, const std::string& name, const std::string& version) const;
    void keep(const PageRequest& request, const FetchedPage& fetched, const std::string& name, bool is_private);
    void answer(const Job& job, std::size_t slot, Result<ProjectPage> page);
    const std::string& shown(const Source& source) const {
        return source.is_index ? config.indexes[source.number].url : places[source.number].where.shown;
    }
};

Result<ProjectPage> IndexClient::State::read(const CachedPage& page, const std::string& name, const std::string& version) const {
    if (page.status == 404 || page.status == 410) return ProjectPage{.name = name};
    const auto type = ascii_lower(page.content_type);
    if (is_json(type)) return parse_simple_json(page.body, page.final_url, name, version);
    if (is_html(type)) return page_from_links(ENVLOCK_TRY(html.links(page.body)), page.final_url, name, version);
    return fail(ErrorCode::response_malformed, page.final_url, "content type " + (type.empty() ? std::string("missing") : type));
}

// A page that could hold a secret is kept in its reduced form. One that was kept already has it.
void IndexClient::State::keep(const PageRequest& request, const FetchedPage& fetched, const std::string& name, bool is_private) {
    if (!fetched.storable) return;
    if (!is_private || fetched.as_kept || fetched.page.body.empty()) return fetcher.keep(request, fetched.page);
    if (const auto all = read(fetched.page, name, "")) fetcher.keep(request, reduced_page(fetched.page, *all));
}

void IndexClient::State::ask_index(const Job& job, std::size_t slot) {
    const auto& index = config.indexes[job->sources[slot].number];
    const PageRequest request{.url = index.url + job->name + "/", .credentials = index.credentials, .anew = job->anew};
    fetcher.fetch(request, [this, job, slot, request](Result<FetchedPage> fetched) {
        if (!fetched) return answer(job, slot, tl::make_unexpected(fetched.error()));
        job->fetched_at = fetched->page.fetched_at;
        job->from_cache &= fetched->from_cache;
        auto page = read(fetched->page, job->name, job->version);
        if (page) keep(request, *fetched, job->name, !request.credentials.empty() || page->has_private_urls);
        answer(job, slot, std::move(page));
    });
}

void IndexClient::State::ask_place(const Job& job, std::size_t slot) {
    auto& place = places[job->sources[slot].number];
    if (job->anew && place.from_cache && !place.where.local()) place.asked = false, place.listing.reset();
    if (place.listing) return answer_from(place, job, slot);
    if (place.where.local()) {
        place.listing = list_local(files, html, place.where);
        place.fetched_at = clock.now_seconds();
        return answer_from(place, job, slot);
    }
    place.waiting.emplace_back(job, slot);
    if (!std::exchange(place.asked, true)) fetch_place(place, job->anew);
}

void IndexClient::State::fetch_place(Place& place, bool anew) {
    const PageRequest request{.url = place.where.place, .credentials = place.where.credentials, .anew = anew};
    fetcher.fetch(request, [this, &place, request](Result<FetchedPage> fetched) {
        place.listing = [&]() -> Result<Listing> {
            const auto got = ENVLOCK_TRY(std::move(fetched));
            place.fetched_at = got.page.fetched_at;
            place.from_cache = got.from_cache;
            const auto page = ENVLOCK_TRY(read(got.page, "", ""));
            keep(request, got, "", !request.credentials.empty() || page.has_private_urls || request.url.find('?') != std::string::npos);
            return list_page(page, place.where.shown);
        }();
        for (const auto& [job, slot] : std::exchange(place.waiting, {})) answer_from(place, job, slot);
    });
}

void IndexClient::State::answer_from(const Place& place, const Job& job, std::size_t slot) {
    if (!*place.listing) return answer(job, slot, tl::make_unexpected(place.listing->error()));
    job->fetched_at = place.fetched_at;
    job->from_cache &= place.from_cache;
    ProjectPage page{.name = job->name};
    page.files = (*place.listing)->files_of(job->name, job->version);
    for (auto& file : page.files) {
        if (!file.path.empty()) hash_local_file(files, file);
    }
    answer(job, slot, std::move(page));
}

// When the last source has answered: the files of all, or the first error when nobody has any.
void IndexClient::State::answer(const Job& job, std::size_t slot, Result<ProjectPage> page) {
    job->answers[slot] = std::move(page);
    if (--job->left > 0) return;
    Lookup out{.page = ProjectPage{.name = job->name}, .index = shown(job->sources.front()), .fetched_at = job->fetched_at, .from_cache = job->from_cache};
    const Error* problem = nullptr;
    for (std::size_t i = 0; i < job->answers.size(); ++i) {
        auto& each = job->answers[i];
        const auto& source = shown(job->sources[i]);
        if (!each) {
            if (problem == nullptr) problem = &each.error();
            // With files from elsewhere this is no error any more, but still not "asked and found nothing".
            out.page->warnings.push_back("index " + source + " gave no answer: " + to_line(each.error()));
            continue;
        }
        if (out.page->files.empty() && !each->files.empty()) out.index = source;
        if (out.page->status.empty()) out.page->status = each->status, out.page->status_reason = each->status_reason;
        if (out.page->serial < 0) out.page->serial = each->serial;
        for (auto& file : each->files) {
            file.index = source;
            out.page->files.push_back(std::move(file));
        }
        for (auto& warning : each->warnings) out.page->warnings.push_back(std::move(warning));
    }
    if (problem != nullptr && out.page->files.empty()) out.page = tl::make_unexpected(*problem);
    job->done(std::move(out));
}

IndexClient::IndexClient(const FileTree& files, HttpTransport& http, const HtmlReader& html, CacheStore& cache, const Clock& clock, IndexConfig config, bool offline)
    : m_state(new State{files, html, http, PageFetcher(http, cache, clock, offline), clock, std::move(config), {}, {}}) {
    for (const auto& where : m_state->config.find_links) m_state->places.push_back({.where = where, .listing = {}, .waiting = {}});
}
IndexClient::~IndexClient() = default;

void IndexClient::look_up(std::string name, std::string version, Done done) { want(std::move(name), std::move(version), false, std::move(done)); }
void IndexClient::look_up_anew(std::string name, std::string version, Done done) { want(std::move(name), std::move(version), true, std::move(done)); }

void IndexClient::want(std::string name, std::string version, bool anew, Done done) {
    auto job = std::make_shared<Wanted>();
    job->name = normalize_name(name);
    job->version = std::move(version);
    job->anew = anew;
    job->done = std::move(done);
    for (std::size_t i = 0; i < m_state->config.indexes.size(); ++i) {
        if (m_state->config.indexes[i].serves(job->name)) job->sources.push_back({.is_index = true, .number = i});
    }
    for (std::size_t i = 0; i < m_state->places.size(); ++i) job->sources.push_back({.is_index = false, .number = i});
    job->left = job->sources.size();
    job->answers.assign(job->left, fail(ErrorCode::internal, job->name));
    m_state->wanted.push_back(std::move(job));
}

void IndexClient::run() {
    const auto wanted = std::exchange(m_state->wanted, {});
    for (const auto& job : wanted) {
        if (job->sources.empty()) {
            job->done({.page = fail(ErrorCode::index_not_configured, m_state->config.no_index ? "--no-index" : "", ""), .index = {}});
            continue;
        }
        for (std::size_t slot = 0; slot < job->sources.size(); ++slot) {
            if (job->sources[slot].is_index) m_state->ask_index(job, slot);
            else m_state->ask_place(job, slot);
        }
    }
    m_state->http.drain();
}

}  // namespace envlock::index
