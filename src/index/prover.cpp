#include <envlock/index/prover.hpp>

#include <envlock/index/upstream.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace envlock::index {
namespace {

constexpr std::uint64_t k_most_window = 16U << 20U;

// The total of "bytes 0-0/1234"; nullopt for "*" and nonsense.
std::optional<std::uint64_t> total_of(const HttpResponse& response) {
    const auto* range = response.header("content-range");
    if (range == nullptr) return std::nullopt;
    const auto slash = range->rfind('/');
    if (slash == std::string::npos) return std::nullopt;
    std::uint64_t out = 0;
    const auto* end = range->data() + range->size();
    const auto read = std::from_chars(range->data() + slash + 1, end, out);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return out;
}

// What servers say that know no ranges. 416 is about one file: it is another one than listed, or empty.
bool refuses_ranges(int status) { return status == 416 || status == 501 || status == 400 || status == 405; }

// One distribution on its way through its candidates.
struct Job {
    ProofRequest request;
    Prover::Done done;
    Proof proof;
    std::size_t next = 0;
    std::unique_ptr<WheelTail> tail;
    std::uint64_t size = 0;
    std::size_t best = SIZE_MAX;  // differences of the nearest so far
    const PublishedFile& file() const { return request.candidates[next]; }
};

}  // namespace

struct Prover::State {
    HttpTransport& http;
    const Inflater& inflater;
    ProofLimits limits;
    std::map<std::string, std::string> credentials;  // origin → "Basic …"
    std::set<std::string> rangeless;                 // origins that refused a range
    Prover::Cost cost;

    using JobPtr = std::shared_ptr<Job>;
    void start(const JobPtr& job);
    void begin(const JobPtr& job, std::uint64_t size);
    void learn_size(const JobPtr& job);
    void ask(const JobPtr& job, ByteRange range);
    void got_range(const JobPtr& job, ByteRange range, Result<HttpResponse> response);
    void take(const JobPtr& job, ByteRange range, std::string bytes);
    void refused(const JobPtr& job, int status);
    void ask_whole(const JobPtr& job);
    void got_whole(const JobPtr& job, HttpResponse response);
    void compare(const JobPtr& job);
    void problem(const JobPtr& job, Error error);
    void advance(const JobPtr& job);
    HttpRequest request_for(const PublishedFile& file) const;
    void send(HttpRequest request, std::function<void(Result<HttpResponse>)> then);
};

HttpRequest Prover::State::request_for(const PublishedFile& file) const {
    HttpRequest out{.url = file.url, .headers = {}, .range = std::nullopt, .max_bytes = limits.download};
    if (const auto found = credentials.find(origin_of(file.url)); found != credentials.end()) out.headers.emplace_back("Authorization", found->second);
    return out;
}

void Prover::State::send(HttpRequest request, std::function<void(Result<HttpResponse>)> then) {
    ++cost.requests;
    http.submit(std::move(request), [this, then = std::move(then)](Result<HttpResponse> response) {
        if (response) cost.bytes += static_cast<std::int64_t>(response->body.size());
        then(std::move(response));
    });
}

void Prover::State::start(const JobPtr& job) {
    const auto& file = job->file();
    ++cost.wheels;
    if (file.url.empty()) return problem(job, {ErrorCode::response_malformed, file.filename, "the index gives no usable address for it"});
    if (rangeless.contains(origin_of(file.url))) return ask_whole(job);
    if (file.size >= 0) return begin(job, static_cast<std::uint64_t>(file.size));
    learn_size(job);
}

void Prover::State::begin(const JobPtr& job, std::uint64_t size) {
    job->size = size;
    job->tail = std::make_unique<WheelTail>(size, inflater);
    ask(job, job->tail->first(std::min(job->request.tail, k_most_window)));
}

// An HTML page gives no sizes: the first byte comes with the total.
void Prover::State::learn_size(const JobPtr& job) {
    auto request = request_for(job->file());
    request.range = {0, 0};
    send(std::move(request), [this, job](Result<HttpResponse> response) {
        if (!response) return problem(job, response.error());
        if (response->status == 200) return got_whole(job, *std::move(response));
        if (refuses_ranges(response->status)) return refused(job, response->status);
        const auto total = total_of(*response);
        if (response->status != 206 || !total) return problem(job, {ErrorCode::response_malformed, redact_url(job->file().url), "its size is not known"});
        begin(job, *total);
    });
}

void Prover::State::ask(const JobPtr& job, ByteRange range) {
    if (range.length() > k_most_window) return problem(job, {ErrorCode::response_too_large, job->file().filename, "its directory is too large"});
    auto request = request_for(job->file());
    request.range = {range.first, range.last};
    // A server that answers with the whole file may do so up to the limit; less than the range makes no sense.
    request.max_bytes = std::max<std::size_t>(range.length(), limits.download);
    send(std::move(request), [this, job, range](Result<HttpResponse> response) { got_range(job, range, std::move(response)); });
}

void Prover::State::got_range(const JobPtr& job, ByteRange range, Result<HttpResponse> response) {
    const auto& file = job->file();
    if (!response) {
        // Too large for a range means that the whole file was coming.
        if (response.error().code == ErrorCode::response_too_large) rangeless.insert(origin_of(file.url));
        return problem(job, response.error());
    }
    if (response->status == 200) return got_whole(job, *std::move(response));
    if (refuses_ranges(response->status)) return refused(job, response->status);
    if (response->status != 206) return problem(job, {ErrorCode::http_status, redact_url(file.url), "HTTP " + std::to_string(response->status)});
    if (const auto total = total_of(*response); total && *total != job->size) {
        job->proof.altered_file = true;
        return problem(job, {ErrorCode::response_malformed, redact_url(file.url),
                             "has " + std::to_string(*total) + " bytes where the index lists " + std::to_string(job->size)});
    }
    take(job, range, std::move(response->body));
}

void Prover::State::take(const JobPtr& job, ByteRange range, std::string bytes) {
    auto next = job->tail->take(range, std::move(bytes));
    if (!next) return problem(job, {next.error().code, job->file().filename, next.error().detail});
    if (*next) return ask(job, **next);
    compare(job);
}

void Prover::State::refused(const JobPtr& job, int status) {
    if (status != 416) rangeless.insert(origin_of(job->file().url));
    ask_whole(job);
}

void Prover::State::ask_whole(const JobPtr& job) {
    const auto& file = job->file();
    if (file.size >= 0 && static_cast<std::uint64_t>(file.size) > limits.download) {
        return problem(job, {ErrorCode::response_too_large, redact_url(file.url), "the server gives no byte ranges; `--download` reads whole files"});
    }
    send(request_for(file), [this, job](Result<HttpResponse> response) {
        if (!response) return problem(job, response.error());
        if (response->status != 200) return problem(job, {ErrorCode::http_status, redact_url(job->file().url), "HTTP " + std::to_string(response->status)});
        got_whole(job, *std::move(response));
    });
}

// The whole file came: it must be the listed one before anything of it is believed.
void Prover::State::got_whole(const JobPtr& job, HttpResponse response) {
    const auto& file = job->file();
    rangeless.insert(origin_of(file.url));
    if (!file.sha256.empty() && sha256_hex(response.body) != file.sha256) {
        job->proof.altered_file = true;
        return problem(job, {ErrorCode::response_malformed, redact_url(file.url), "its bytes are not those whose sha256 the index lists"});
    }
    if (response.body.empty()) return problem(job, {ErrorCode::response_malformed, redact_url(file.url), "is empty"});
    job->size = response.body.size();
    job->tail = std::make_unique<WheelTail>(job->size, inflater);
    take(job, {0, job->size - 1}, std::move(response.body));
}

void Prover::State::compare(const JobPtr& job) {
    const auto tail = std::exchange(job->tail, nullptr);
    const auto wheel = parse_record(tail->record(), "RECORD");
    if (!wheel) return problem(job, {wheel.error().code, job->file().filename, wheel.error().detail});
    auto match = match_record(*wheel, tail->dist_info(), job->request.installed());
    const bool equal = match.verdict == RecordVerdict::equal;
    const auto apart = match.missing.size() + match.changed.size() + match.extra.size();
    auto& proof = job->proof;
    if ((equal && proof.equal.empty()) || (proof.equal.empty() && apart < job->best)) {
        proof.members.clear();
        for (const auto& member : tail->members()) {
            if (std::ranges::find(job->request.wanted, member.name) != job->request.wanted.end()) proof.members.emplace(member.name, member);
        }
    }
    if (equal) {
        proof.equal.push_back(job->file());
    } else if (apart < job->best) {
        job->best = apart;
        proof.nearest = job->file();
        proof.difference = std::move(match);
    }
    advance(job);
}

void Prover::State::problem(const JobPtr& job, Error error) {
    job->tail.reset();
    job->proof.problems.push_back(std::move(error));
    advance(job);
}

void Prover::State::advance(const JobPtr& job) {
    ++job->next;
    const bool more = job->next < job->request.candidates.size() && (job->proof.equal.empty() || job->next < job->request.together);
    if (more) return start(job);
    job->done(std::move(job->proof));
}

Prover::Prover(HttpTransport& http, const Inflater& inflater, const IndexConfig& config, ProofLimits limits) : m_state(new State{http, inflater, limits, authorizations(config), {}, {}}) {}
Prover::~Prover() = default;

void Prover::prove(ProofRequest request, Done done) {
    auto job = std::make_shared<Job>();
    job->request = std::move(request);
    job->done = std::move(done);
    if (job->request.candidates.empty()) return job->done({});
    m_state->start(job);
}

Prover::Cost Prover::cost() const { return m_state->cost; }

}  // namespace envlock::index
