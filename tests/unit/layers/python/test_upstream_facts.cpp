#include "layers/python/upstream_facts.hpp"

#include "support/catch.hpp"
#include "support/memory_cache.hpp"
#include "support/memory_http.hpp"
#include "support/probe_context.hpp"

using namespace envlock;

namespace {

struct Asked {
    python::Distribution demo;
    std::vector<Note> notes;
    std::size_t requests = 0;
    std::string fact(const std::string& name) const {
        const auto found = demo.component.facts.find(name);
        return found == demo.component.facts.end() ? "-" : std::get<std::string>(found->second);
    }
};

Asked ask(test::MemoryHttp::Answer answer, const std::function<void(python::UpstreamFacts&, python::Distribution&)>& question, CacheStore* cache = nullptr, bool offline = false) {
    const test::MemoryFileTree tree({{"/p/.venv/pyvenv.cfg", ""}});
    test::ProbeWorld world(tree);
    test::MemoryHttp http(std::move(answer));
    world.use_http = &http;
    if (cache != nullptr) world.use_cache = cache;
    auto context = world.context();
    context.offline = offline;
    Asked out;
    out.demo.component.key = "demo";
    out.demo.component.version = "1.0";
    python::UpstreamFacts facts(context, {}, out.notes);
    question(facts, out.demo);
    http.drain();
    facts.flush();
    out.requests = http.requests.size();
    return out;
}

Asked ask_release(test::MemoryHttp::Answer answer, CacheStore* cache = nullptr, bool offline = false) {
    return ask(std::move(answer), [](auto& facts, auto& demo) { facts.ask_vulnerabilities(demo, "https://index.example/simple/"); }, cache, offline);
}

const std::string k_release = R"({"info":{},"urls":[],"vulnerabilities":[{"id":"PYSEC-1","aliases":["CVE-2024-1"],"summary":"bad \u001b[31m thing","details":"","link":"","fixed_in":["1.1"],"withdrawn":null},)"
                              R"({"id":"PYSEC-2","aliases":[],"summary":"","details":"","link":"","fixed_in":[],"withdrawn":"2024-01-01T00:00:00Z"}]})";

index::PublishedFile file() {
    return {.filename = "demo-1.0-py3-none-any.whl", .sha256 = std::string(64, 'a'), .provenance = "https://index.example/integrity/demo", .index = "https://index.example/simple/"};
}

Asked ask_publisher(test::MemoryHttp::Answer answer, bool tells = true, index::PublishedFile published = file()) {
    return ask(std::move(answer), [&](auto& facts, auto& demo) { facts.ask_publisher(demo, published, tells); });
}

}  // namespace

TEST_CASE("known vulnerabilities of a release are facts and notes; withdrawn ones are neither") {
    const auto seen = ask_release([](const HttpRequest& request) {
        CHECK(request.url == "https://index.example/pypi/demo/1.0/json");
        return HttpResponse{.status = 200, .body = k_release};
    });

    CHECK(seen.demo.component.facts.at("vulnerabilities") == Fact(std::vector<std::string>{"PYSEC-1 (CVE-2024-1), fixed in 1.1"}));
    REQUIRE(seen.notes.size() == 1);
    CHECK(seen.notes[0].rule == "PY039");
    CHECK(seen.notes[0].detail.find('\x1b') == std::string::npos);
}

TEST_CASE("an index without releases' pages leaves vulnerabilities unknown, which is not none") {
    const auto missing = ask_release([](const HttpRequest&) { return HttpResponse{.status = 404}; });
    const auto silent = ask_release([](const HttpRequest&) { return HttpResponse{.status = 200, .body = "{}"}; });
    const auto offline = ask_release([](const HttpRequest&) { return HttpResponse{.status = 200, .body = k_release}; }, nullptr, true);

    for (const auto& seen : {missing, silent, offline}) {
        CHECK_FALSE(seen.demo.component.facts.contains("vulnerabilities"));
        REQUIRE(seen.notes.size() == 1);
        CHECK(seen.notes[0].rule.empty());
        CHECK(seen.notes[0].detail.ends_with("not known for demo"));
    }
    CHECK(offline.requests == 0);
}

TEST_CASE("an answer is kept for its time") {
    test::MemoryCache cache;
    const auto serve = [](const HttpRequest&) { return HttpResponse{.status = 200, .body = k_release}; };

    ask_release(serve, &cache);
    const auto again = ask_release(serve, &cache);

    CHECK(again.requests == 0);
    CHECK(again.notes.size() == 1);
}

TEST_CASE("a file without provenance has no publisher where the index would tell, and none is claimed where it would not") {
    auto none = file();
    none.provenance.clear();

    CHECK(ask_publisher([](const HttpRequest&) { return HttpResponse{}; }, true, none).fact("publisherState") == "none");
    CHECK(ask_publisher([](const HttpRequest&) { return HttpResponse{}; }, false, none).fact("publisherState") == "-");
    CHECK(ask_publisher([](const HttpRequest&) { return HttpResponse{.status = 404}; }).fact("publisherState") == "none");
}

TEST_CASE("a provenance that cannot be had or read is said and is no publisher") {
    const auto refused = ask_publisher([](const HttpRequest&) { return HttpResponse{.status = 403}; });
    const auto broken = ask_publisher([](const HttpRequest&) { return HttpResponse{.status = 200, .body = "<html>"}; });

    for (const auto& seen : {refused, broken}) {
        CHECK(seen.fact("publisher") == "-");
        CHECK(seen.fact("publisherState") == "-");
        CHECK(seen.notes.size() == 1);
    }
}
