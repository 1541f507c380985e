#pragma once

#include <envlock/index/config.hpp>
#include <envlock/index/project_page.hpp>
#include <envlock/index/provenance.hpp>
#include <envlock/index/vulnerabilities.hpp>
#include <envlock/ports/cache_store.hpp>
#include <envlock/ports/clock.hpp>
#include <envlock/ports/http_transport.hpp>

#include <functional>
#include <map>

namespace envlock::index {

// What an index says about a file or a release beside its page: who published it (PEP 740), and
// which vulnerabilities are known. Answers are kept like pages: within the time the server allows
// (else ten minutes) nothing is sent. Everything runs inside the transport's drain().
class Upstream {
public:
    Upstream(HttpTransport& http, CacheStore& cache, const Clock& clock, const IndexConfig& config);

    // `file.provenance` must not be "". Status 403 and 404 are http_status errors.
    void provenance(const PublishedFile& file, std::function<void(Result<Provenance>)> done);

    // unsupported: the index's address gives no per-release address; http_status: it has none.
    void release(const std::string& index, const std::string& name, const std::string& version, std::function<void(Result<ReleaseFacts>)> done);

private:
    using Body = Result<std::string>;
    void get(const std::string& url, const char* accept, std::function<void(Body)> done);

    HttpTransport& m_http;
    CacheStore& m_cache;
    const Clock& m_clock;
    std::map<std::string, std::string> m_authorization;  // origin → header
};

// "https://user@Host:443/x" → "https://host:443": what credentials are bound to.
std::string origin_of(std::string_view url);

// The Authorization header of each index that has credentials, by origin.
std::map<std::string, std::string> authorizations(const IndexConfig& config);

}  // namespace envlock::index
