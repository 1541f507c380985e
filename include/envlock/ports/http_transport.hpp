#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace envlock {

struct HttpRequest {
    std::string url;  // may carry user information; it is sent as authorization, never logged
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> range;  // first and last byte, inclusive
    std::size_t max_bytes = 64U << 20U;  // a longer body is response_too_large
};

struct HttpResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names lower case, of the final response
    std::string body;
    std::string final_url;  // after redirects, without user information
    const std::string* header(std::string_view lower_case_name) const;
};

// HTTP with retries (connection errors, 429, 500, 502, 503, 504; backoff with jitter, Retry-After
// obeyed within reason), redirects (never from https to http, authorization dropped on another
// host), HTTP/2, proxies, netrc and TLS settings. Every status that is not retried any more is
// a response; an Error means that there is none.
class HttpTransport {
public:
    using Done = std::function<void(Result<HttpResponse>)>;
    virtual ~HttpTransport() = default;

    // Queues a request. `done` is called once, from inside drain(); it may submit more.
    virtual void submit(HttpRequest request, Done done) = 0;
    // Runs until every queued request is done.
    virtual void drain() = 0;
};

// Production code for --offline: every request ends in network_offline.
class OfflineTransport final : public HttpTransport {
public:
    void submit(HttpRequest request, Done done) override;
    void drain() override {}
};

}  // namespace envlock
