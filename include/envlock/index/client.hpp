#pragma once

#include <envlock/index/config.hpp>
#include <envlock/index/project_page.hpp>
#include <envlock/ports/cache_store.hpp>
#include <envlock/ports/clock.hpp>
#include <envlock/ports/file_tree.hpp>
#include <envlock/ports/http_transport.hpp>

#include <functional>
#include <memory>

namespace envlock::index {

struct Lookup {
    // The files of the version, from every index that knows the project. A page without files: all
    // indexes answered, and none has the version. An Error: at least one index could not be asked,
    // and the others do not have it.
    Result<ProjectPage> page;
    std::string index;  // redacted base URL of the index (or place) with the files, or of the first one asked
    std::int64_t fetched_at = 0;  // seconds
    bool from_cache = false;      // no request was sent
};

// Asks the configured indexes for project pages: all at once, each page at most once a run. Pages are
// kept in the cache with their ETag; within the time the server allows (else ten minutes) nothing is
// sent. Offline, the cache counts at any age. JSON is asked for first, HTML is taken too, and what
// comes is judged by its Content-Type. Credentials go to their own index only; neither they nor the
// queries of signed URLs are kept in the cache. An `explicit` index hears only of the packages that are
// pinned to it. The places of find-links are asked beside the indexes: each is listed once, and a local
// file is hashed when its name and version are the wanted ones.
class IndexClient {
public:
    using Done = std::function<void(Lookup)>;
    IndexClient(const FileTree& files, HttpTransport& http, const HtmlReader& html, CacheStore& cache, const Clock& clock, IndexConfig config, bool offline);
    ~IndexClient();
    IndexClient(const IndexClient&) = delete;
    IndexClient& operator=(const IndexClient&) = delete;

    void look_up(std::string name, std::string version, Done done);  // `name` in any spelling
    // The same without the cache, for a file whose URL was cut there (PublishedFile::url_is_cut).
    void look_up_anew(std::string name, std::string version, Done done);
    void run();  // until every look-up is done

private:
    void want(std::string name, std::string version, bool anew, Done done);

    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace envlock::index
