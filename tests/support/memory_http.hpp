#pragma once

#include <envlock/ports/http_transport.hpp>

#include <deque>
#include <functional>

namespace envlock::test {

// Answers by a function, in drain(), in order; keeps what was asked.
class MemoryHttp final : public HttpTransport {
public:
    using Answer = std::function<Result<HttpResponse>(const HttpRequest&)>;
    explicit MemoryHttp(Answer answer) : m_answer(std::move(answer)) {}
    void submit(HttpRequest request, Done done) override { m_waiting.emplace_back(std::move(request), std::move(done)); }
    void drain() override {
        while (!m_waiting.empty()) {
            auto [request, done] = std::move(m_waiting.front());
            m_waiting.pop_front();
            requests.push_back(request);
            auto answer = m_answer(request);
            if (answer && answer->final_url.empty()) answer->final_url = request.url;
            done(std::move(answer));
        }
    }
    std::vector<HttpRequest> requests;

private:
    Answer m_answer;
    std::deque<std::pair<HttpRequest, Done>> m_waiting;
};

}  // namespace envlock::test
