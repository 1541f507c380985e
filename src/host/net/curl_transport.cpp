#include "host/net/curl_transport.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <random>
#include <unordered_map>

namespace envlock::host {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int k_most_redirects = 10;
constexpr std::chrono::seconds k_most_wait{30};  // longer than this a Retry-After is not waited for
constexpr const char* k_bundle = "/etc/ssl/certs/ca-certificates.crt";

// One request on its way: it outlives its tries.
struct Job {
    HttpRequest request;
    HttpTransport::Done done;
    HttpResponse response;
    std::string url;     // of this hop, without user information
    std::string origin;  // that the credentials were given for
    std::string user, password;
    int tries = 0;
    int hops = 0;
    bool too_large = false;
    bool* http1 = nullptr;  // set when an answer is not HTTP/2
    Clock::time_point not_before{};
    curl_slist* headers = nullptr;
    std::array<char, CURL_ERROR_SIZE> problem{};

    Job() = default;
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    ~Job() { curl_slist_free_all(headers); }
};

// As much as the server announces, at once: a body that grows by doubling would need twice its
// size. What is announced is not believed beyond a few megabytes.
void reserve_body(Job& job, std::size_t first) {
    constexpr std::size_t k_most_reserved = 8U << 20U;
    std::size_t announced = 0;
    if (const auto* length = job.response.header("content-length")) std::from_chars(length->data(), length->data() + length->size(), announced);
    job.response.body.reserve(std::max(first, std::min({announced, job.request.max_bytes, k_most_reserved})));
}

std::size_t on_body(char* data, std::size_t one, std::size_t count, void* user) {
    auto& job = *static_cast<Job*>(user);
    const auto size = one * count;
    if (job.response.body.size() + size > job.request.max_bytes) {
        job.too_large = true;
        return 0;
    }
    if (job.response.body.empty()) reserve_body(job, size);
    job.response.body.append(data, size);
    return size;
}

std::size_t on_header(char* data, std::size_t one, std::size_t count, void* user) {
    auto& job = *static_cast<Job*>(user);
    const std::string_view line = trim({data, one * count});
    if (line.starts_with("HTTP/1") && job.http1 != nullptr) *job.http1 = true;
    if (line.starts_with("HTTP/")) job.response.headers.clear();  // the next response of a redirect chain
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && job.response.headers.size() < 200) {
        job.response.headers.emplace_back(ascii_lower(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
    }
    return one * count;
}

// A URL in parts, as libcurl itself reads it: what decides about trust and what is connected to must not differ.
class Url {
public:
    explicit Url(const std::string& text) : m_parts(curl_url(), curl_url_cleanup) {
        m_valid = m_parts && curl_url_set(m_parts.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
    }
    std::string part(CURLUPart which, unsigned flags = 0) const {
        char* text = nullptr;
        if (!m_valid || curl_url_get(m_parts.get(), which, &text, flags) != CURLUE_OK) return {};
        std::string out(text);
        curl_free(text);
        return out;
    }
    std::string host() const { return ascii_lower(part(CURLUPART_HOST)); }
    std::string port() const { return part(CURLUPART_PORT, CURLU_DEFAULT_PORT); }
    std::string origin() const { return part(CURLUPART_SCHEME) + "://" + host() + ":" + port(); }
    std::string without_user() const {
        if (!m_valid) return {};
        curl_url_set(m_parts.get(), CURLUPART_USER, nullptr, 0);
        curl_url_set(m_parts.get(), CURLUPART_PASSWORD, nullptr, 0);
        return part(CURLUPART_URL);
    }
    bool valid() const { return m_valid; }

private:
    std::unique_ptr<CURLU, void (*)(CURLU*)> m_parts;
    bool m_valid = false;
};

bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

bool is_busy(int status) { return status == 429 || status == 500 || status == 502 || status == 503 || status == 504; }

bool worth_a_retry(CURLcode code) {
    return code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT || code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR ||
           code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING || code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM || code == CURLE_SSL_CONNECT_ERROR;
}

class CurlTransport final : public HttpTransport {
public:
    explicit CurlTransport(NetworkOptions options) : m_options(std::move(options)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        m_multi = curl_multi_init();
        curl_multi_setopt(m_multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
        // One connection a host, shared by all streams of HTTP/2; a server of HTTP/1 gets more once it has said so (widen).
        curl_multi_setopt(m_multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
        if (m_options.ca_file.empty() && ::access(k_bundle, R_OK) == 0) m_options.ca_file = k_bundle;
    }
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;
    ~CurlTransport() override {
        for (auto& [easy, job] : m_running) {
            curl_multi_remove_handle(m_multi, easy);
            curl_easy_cleanup(easy);
        }
        curl_multi_cleanup(m_multi);
    }

    void submit(HttpRequest request, Done done) override {
        auto job = std::make_unique<Job>();
        const Url url(request.url);
        job->user = url.part(CURLUPART_USER, CURLU_URLDECODE);
        job->password = url.part(CURLUPART_PASSWORD, CURLU_URLDECODE);
        job->origin = url.origin();
        job->url = url.valid() ? url.without_user() : request.url;
        job->request = std::move(request);
        job->done = std::move(done);
        m_waiting.push_back(std::move(job));
    }

    void drain() override {
        while (!m_waiting.empty() || !m_running.empty()) {
            start_ready();
            int running = 0;
            curl_multi_perform(m_multi, &running);
            widen();
            finish_done();
            if (m_running.empty() && m_waiting.empty()) break;
            curl_multi_poll(m_multi, nullptr, 0, wait_milliseconds(), nullptr);
        }
    }

private:
    int wait_milliseconds() const {
        auto wait = std::chrono::milliseconds(m_running.empty() ? 1000 : 250);
        for (const auto& job : m_waiting) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(job->not_before - Clock::now());
            wait = std::clamp(left, std::chrono::milliseconds(has_room(*job) ? 0 : 5), wait);
        }
        return static_cast<int>(wait.count());
    }

    // Without multiplexing, one connection would send one request at a time.
    void widen() {
        if (!m_http1 || m_wide) return;
        m_wide = true;
        curl_multi_setopt(m_multi, CURLMOPT_MAX_HOST_CONNECTIONS, 8L);
    }

    bool has_room(const Job& job) const {
        if (job.request.range) return m_ranges < m_options.ranges_in_flight;
        return static_cast<int>(m_running.size()) - m_ranges < m_options.in_flight;
    }

    void start_ready() {
        for (std::size_t i = 0; i < m_waiting.size();) {
            if (m_waiting[i]->not_before > Clock::now() || !has_room(*m_waiting[i])) {
                ++i;
                continue;
            }
            auto job = std::move(m_waiting[i]);
            m_waiting.erase(m_waiting.begin() + static_cast<std::ptrdiff_t>(i));
            start(std::move(job));
        }
    }

    void start(std::unique_ptr<Job> job) {
        auto* easy = curl_easy_init();
        job->response = {};
        job->too_large = false;
        ++job->tries;
        set_request(easy, *job);
        set_network(easy, *job);
        job->http1 = &m_http1;
        if (job->request.range) ++m_ranges;
        curl_multi_add_handle(m_multi, easy);
        m_running.emplace(easy, std::move(job));
    }

    void set_request(CURL* easy, Job& job) const {
        const auto& request = job.request;
        curl_easy_setopt(easy, CURLOPT_URL, job.url.c_str());
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        // Each hop of a redirect is a request of its own here, so that trust, authorization and
        // protocol are judged for the host that is really asked.
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        const bool at_home = Url(job.url).origin() == job.origin;
        set_credentials(easy, job, at_home);
        curl_easy_setopt(easy, CURLOPT_USERAGENT, m_options.user_agent.c_str());
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &job);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, &job);
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job.problem.data());
        curl_slist_free_all(std::exchange(job.headers, nullptr));
        for (const auto& [name, value] : request.headers) {
            if (!at_home && (iequals_ascii(name, "authorization") || iequals_ascii(name, "cookie"))) continue;
            job.headers = curl_slist_append(job.headers, (name + ": " + value).c_str());
        }
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job.headers);
        if (request.range) {
            // Offsets count bytes of the file, so no encoding may come between.
            curl_easy_setopt(easy, CURLOPT_RANGE, (std::to_string(request.range->first) + "-" + std::to_string(request.range->second)).c_str());
            curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, nullptr);
        } else {
            curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
        }
    }

    void set_credentials(CURL* easy, const Job& job, bool at_home) const {
        auto user = at_home ? job.user : std::string();
        auto password = at_home ? job.password : std::string();
        if (user.empty() && password.empty()) {
            for (const auto& [place, secret] : m_options.credentials) {
                if (Url(place).origin() != Url(job.url).origin()) continue;
                user = secret.substr(0, secret.find(':'));
                password = secret.size() > user.size() ? secret.substr(user.size() + 1) : "";
            }
        }
        if (user.empty() && password.empty()) return;
        curl_easy_setopt(easy, CURLOPT_USERNAME, user.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, password.c_str());
    }

    void set_network(CURL* easy, const Job& job) const {
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
        curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_options.connect_timeout.count()));
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(m_options.total_timeout.count()));
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 100L);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 20L);
        if (!m_options.ca_file.empty()) {
            // With a CA path set libcurl reads the whole bundle again for each connection.
            curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
            curl_easy_setopt(easy, CURLOPT_CAINFO, m_options.ca_file.c_str());
        }
        if (!m_options.client_cert.empty()) curl_easy_setopt(easy, CURLOPT_SSLCERT, m_options.client_cert.c_str());
        if (!m_options.client_key.empty()) curl_easy_setopt(easy, CURLOPT_SSLKEY, m_options.client_key.c_str());
        if (!m_options.proxy.empty()) {
            curl_easy_setopt(easy, CURLOPT_PROXY, m_options.proxy.c_str());
            curl_easy_setopt(easy, CURLOPT_NOPROXY, m_options.no_proxy.c_str());  // "" too: else libcurl reads NO_PROXY, which pip and uv do not here
        }
        if (!m_options.netrc_file.empty()) {
            curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
            curl_easy_setopt(easy, CURLOPT_NETRC_FILE, m_options.netrc_file.c_str());
        }
        const Url url(job.url);
        const auto host = url.host();
        const bool trusted = std::ranges::any_of(m_options.trusted_hosts, [&](const std::string& name) {
            return iequals_ascii(name, host) || iequals_ascii(name, host + ":" + url.port());
        });
        if (trusted) {
            curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
            curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
        }
    }

    void finish_done() {
        int left = 0;
        while (const auto* message = curl_multi_info_read(m_multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            auto* easy = message->easy_handle;
            const auto code = message->data.result;
            const auto found = m_running.find(easy);
            auto job = std::move(found->second);
            m_running.erase(found);
            if (job->request.range) --m_ranges;
            long status = 0;
            char* next = nullptr;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &next);
            job->response.status = static_cast<int>(status);
            job->response.final_url = redact_url(job->url);
            const std::string redirect(next == nullptr ? "" : next);
            curl_multi_remove_handle(m_multi, easy);
            curl_easy_cleanup(easy);
            if (code == CURLE_OK && is_redirect(job->response.status) && !redirect.empty()) follow(std::move(job), redirect);
            else if (wants_retry(*job, code)) m_waiting.push_back(std::move(job));
            else job->done(result_of(*job, code));
        }
    }

    void follow(std::unique_ptr<Job> job, const std::string& redirect) {
        const Url next(redirect);
        const auto scheme = next.part(CURLUPART_SCHEME);
        const auto refuse = [&](const char* why) { job->done(fail(ErrorCode::response_malformed, redact_url(job->request.url), why)); };
        if (++job->hops > k_most_redirects) return refuse("too many redirects");
        if (scheme != "https" && scheme != "http") return refuse("a redirect to another protocol");
        if (scheme == "http" && ascii_lower(job->url.substr(0, 6)) == "https:") return refuse("a redirect from https to http");
        job->url = next.without_user();
        job->tries = 0;
        job->not_before = {};
        m_waiting.push_front(std::move(job));
    }

    bool wants_retry(Job& job, CURLcode code) {
        const bool retry = !job.too_large && (code == CURLE_OK ? is_busy(job.response.status) : worth_a_retry(code));
        if (!retry || job.tries > m_options.retries) return false;
        std::uniform_real_distribution<double> jitter(0.5, 1.0);
        auto wait = std::chrono::duration<double>(m_options.backoff) * (1U << static_cast<unsigned>(job.tries - 1)) * jitter(m_random);
        if (const auto* after = job.response.header("retry-after")) {
            long seconds = -1;
            std::from_chars(after->data(), after->data() + after->size(), seconds);
            if (seconds > k_most_wait.count()) return false;  // the answer stands
            if (seconds >= 0) wait = std::chrono::seconds(seconds);
        }
        job.not_before = Clock::now() + std::chrono::duration_cast<Clock::duration>(wait);
        return true;
    }

    static Result<HttpResponse> result_of(Job& job, CURLcode code) {
        const auto subject = redact_url(job.request.url);
        if (job.too_large) return fail(ErrorCode::response_too_large, subject, "more than " + std::to_string(job.request.max_bytes) + " bytes");
        if (code != CURLE_OK) {
            const std::string detail = job.problem[0] != '\0' ? job.problem.data() : curl_easy_strerror(code);
            return fail(code == CURLE_TOO_MANY_REDIRECTS || code == CURLE_UNSUPPORTED_PROTOCOL ? ErrorCode::response_malformed : ErrorCode::network_unreachable, subject,
                        redact_urls_in(detail));
        }
        if (!job.request.range && job.response.status == 206) return fail(ErrorCode::response_malformed, subject, "a part where the whole was asked for");
        if (job.request.range && job.response.status == 206) {
            const auto* range = job.response.header("content-range");
            const auto wanted = "bytes " + std::to_string(job.request.range->first) + "-" + std::to_string(job.request.range->second) + "/";
            const auto length = job.request.range->second - job.request.range->first + 1;
            if (range == nullptr || !range->starts_with(wanted) || job.response.body.size() != length) {
                return fail(ErrorCode::response_malformed, subject, "another range than the one asked for");
            }
        }
        return std::move(job.response);
    }

    NetworkOptions m_options;
    CURLM* m_multi = nullptr;
    bool m_http1 = false, m_wide = false;
    int m_ranges = 0;  // running requests for a range
    std::deque<std::unique_ptr<Job>> m_waiting;
    std::unordered_map<CURL*, std::unique_ptr<Job>> m_running;
    std::minstd_rand m_random{std::random_device{}()};
};

}  // namespace

std::unique_ptr<HttpTransport> make_curl_transport(const NetworkOptions& options) { return std::make_unique<CurlTransport>(options); }

}  // namespace envlock::host
