#include <envlock/index/client.hpp>

#include "support/catch.hpp"
#include "support/memory_cache.hpp"
#include "support/memory_file_tree.hpp"
#include "support/memory_http.hpp"

using namespace envlock;

namespace {

class OneLink final : public HtmlReader {
public:
    Result<HtmlLinks> links(std::string_view) const override {
        return HtmlLinks{.anchors = {{{{"href", "x-1.0.tar.gz"}}, "x-1.0.tar.gz"}}};
    }
};

const std::string k_page = R"({"meta": {"api-version": "1.1"}, "files": [{"filename": "x-1.0-py3-none-any.whl", "url": "f"}]})";

HttpResponse json_page(std::string headers_etag = {}) {
    HttpResponse out{.status = 200, .headers = {{"content-type", "application/vnd.pypi.simple.v1+json"}}, .body = k_page};
    if (!headers_etag.empty()) out.headers.emplace_back("etag", headers_etag);
    return out;
}

index::Lookup look_up(HttpTransport& http, CacheStore& cache, std::int64_t now, index::IndexConfig config, bool offline = false) {
    const OneLink html;
    const FixedClock clock(now);
    const test::MemoryFileTree files{{"/x", ""}};
    index::IndexClient client(files, http, html, cache, clock, std::move(config), offline);
    index::Lookup out{.page = fail(ErrorCode::internal, "never done")};
    client.look_up("X", "1.0", [&](index::Lookup seen) { out = std::move(seen); });
    client.run();
    return out;
}

index::IndexConfig one(const std::string& url = "https://index.example/simple/") {
    index::IndexConfig out;
    out.indexes = {index::split_credentials(url, "test")};
    return out;
}

}  // namespace

TEST_CASE("a page is asked for by its normalised name, JSON first") {
    test::MemoryCache cache;
    test::MemoryHttp http([](const HttpRequest&) { return json_page(); });

    const auto seen = look_up(http, cache, 1000, one());

    REQUIRE(seen.page);
    CHECK(seen.page->files.size() == 1);
    CHECK(seen.page->files[0].index == "https://index.example/simple/");
    REQUIRE(http.requests.size() == 1);
    CHECK(http.requests[0].url == "https://index.example/simple/x/");
    CHECK(http.requests[0].headers[0].second.starts_with("application/vnd.pypi.simple.v1+json,"));
}

TEST_CASE("within the cache time nothing is sent; after it the ETag is, and 304 makes the page fresh again") {
    test::MemoryCache cache;
    int answers = 0;
    test::MemoryHttp http([&](const HttpRequest&) -> Result<HttpResponse> {
        if (answers++ == 0) return json_page("\"v1\"");
        return HttpResponse{.status = 304};
    });

    look_up(http, cache, 1000, one());
    const auto again = look_up(http, cache, 1599, one());
    CHECK(again.from_cache);
    CHECK(http.requests.size() == 1);

    const auto later = look_up(http, cache, 1600, one());
    CHECK(later.page->files.size() == 1);
    REQUIRE(http.requests.size() == 2);
    CHECK(http.requests[1].headers.back() == std::pair<std::string, std::string>("If-None-Match", "\"v1\""));
    look_up(http, cache, 1700, one());
    CHECK(http.requests.size() == 2);
}

TEST_CASE("a 304 for a page that is not kept any more is no answer") {
    test::MemoryCache cache;
    test::MemoryHttp http([](const HttpRequest&) { return HttpResponse{.status = 304}; });

    CHECK(look_up(http, cache, 1000, one()).page.error().code == ErrorCode::response_malformed);
}

TEST_CASE("the server's Cache-Control decides the cache time") {
    test::MemoryCache cache;
    auto page = json_page();
    page.headers.emplace_back("cache-control", "public, max-age=5");
    test::MemoryHttp http([&](const HttpRequest&) { return page; });

    look_up(http, cache, 1000, one());
    look_up(http, cache, 1006, one());

    CHECK(http.requests.size() == 2);
}

TEST_CASE("offline, the cache counts at any age, and without it the answer is an error") {
    test::MemoryCache cache;
    test::MemoryHttp http([](const HttpRequest&) { return json_page(); });
    look_up(http, cache, 1000, one());
    OfflineTransport offline;

    CHECK(look_up(offline, cache, 9'000'000, one(), true).page->files.size() == 1);
    test::MemoryCache empty;
    CHECK(look_up(offline, empty, 1000, one(), true).page.error().code == ErrorCode::network_offline);
}

TEST_CASE("404 and 410 are answers: the project is not there") {
    for (const int status : {404, 410}) {
        test::MemoryCache cache;
        test::MemoryHttp http([&](const HttpRequest&) { return HttpResponse{.status = status}; });

        const auto seen = look_up(http, cache, 1000, one());

        REQUIRE(seen.page);
        CHECK(seen.page->files.empty());
        CHECK(look_up(http, cache, 1001, one()).from_cache);
    }
}

TEST_CASE("a version that the page does not have is an answer without files") {
    test::MemoryCache cache;
    test::MemoryHttp http([](const HttpRequest&) {
        auto out = json_page();
        out.body = R"({"files": [{"filename": "x-2.0-py3-none-any.whl", "url": "f"}]})";
        return out;
    });

    const auto seen = look_up(http, cache, 1000, one());

    REQUIRE(seen.page);
    CHECK(seen.page->files.empty());
}

TEST_CASE("a weak ETag is sent back as it came, and without one the date is") {
    test::MemoryCache cache;
    bool weak = true;
    test::MemoryHttp http([&](const HttpRequest&) {
        auto out = json_page(weak ? "W/\"v1\"" : "");
        out.headers.emplace_back("last-modified", "Tue, 02 Jan 2024 03:04:05 GMT");
        return out;
    });

    look_up(http, cache, 1000, one());
    weak = false;
    look_up(http, cache, 2000, one());
    look_up(http, cache, 3000, one());

    CHECK(http.requests.at(1).headers.back() == std::pair<std::string, std::string>("If-None-Match", "W/\"v1\""));
    CHECK(http.requests.at(2).headers.back() == std::pair<std::string, std::string>("If-Modified-Since", "Tue, 02 Jan 2024 03:04:05 GMT"));
}

TEST_CASE("a yank and its end are seen when the page is asked for again") {
    test::MemoryCache cache;
    bool yanked = true;
    test::MemoryHttp http([&](const HttpRequest&) {
        auto out = json_page();
        out.body = std::string(R"({"files": [{"filename": "x-1.0-py3-none-any.whl", "url": "f", "yanked": )") + (yanked ? "\"why\"" : "false") + "}]}";
        return out;
    });

    CHECK(look_up(http, cache, 1000, one()).page->files[0].yanked);
    yanked = false;
    CHECK_FALSE(look_up(http, cache, 2000, one()).page->files[0].yanked);
}

TEST_CASE("every index is asked, each file knows its own, and one that fails is an error only when nobody has the version") {
    test::MemoryCache cache;
    auto config = one();
    config.indexes.push_back(index::split_credentials("https://u:p@second.index.example/", "test"));
    test::MemoryHttp http([](const HttpRequest& request) -> Result<HttpResponse> {
        if (request.url.starts_with("https://second")) return json_page();
        return HttpResponse{.status = 404};
    });

    const auto seen = look_up(http, cache, 1000, config);

    CHECK(seen.index == "https://second.index.example/");
    CHECK(seen.page->files[0].index == "https://second.index.example/");
    CHECK(http.requests[1].headers[1] == std::pair<std::string, std::string>("Authorization", "Basic dTpw"));
    CHECK(http.requests[0].headers.size() == 1);

    test::MemoryCache fresh;
    test::MemoryHttp broken([](const HttpRequest& request) -> Result<HttpResponse> {
        if (request.url.starts_with("https://second")) return HttpResponse{.status = 404};
        return fail(ErrorCode::network_unreachable, request.url);
    });
    CHECK(look_up(broken, fresh, 1000, config).page.error().code == ErrorCode::network_unreachable);
}

TEST_CASE("an index that fails beside one that answers is a warning without its credentials") {
    test::MemoryCache cache;
    auto config = one();
    config.indexes.push_back(index::split_credentials("https://u:secret@second.index.example/", "test"));
    test::MemoryHttp http([](const HttpRequest& request) -> Result<HttpResponse> {
        if (request.url.starts_with("https://second")) return HttpResponse{.status = 503};
        return json_page();
    });

    const auto seen = look_up(http, cache, 1000, config);

    REQUIRE(seen.page);
    REQUIRE(seen.page->warnings.size() == 1);
    CHECK(seen.page->warnings[0].find("second.index.example") != std::string::npos);
    CHECK(seen.page->warnings[0].find("secret") == std::string::npos);
}

TEST_CASE("a page that must not be stored is not") {
    test::MemoryCache cache;
    test::MemoryHttp http([](const HttpRequest&) {
        auto out = json_page("\"e\"");
        out.headers.emplace_back("cache-control", "private, No-Store");
        return out;
    });

    CHECK(look_up(http, cache, 1000, one()).page);

    CHECK(look_up(http, cache, 1000, one(), true).page.error().code == ErrorCode::network_offline);
}

TEST_CASE("the Content-Type decides how a page is read, and an unknown one is refused and not kept") {
    test::MemoryCache cache;
    test::MemoryHttp html([](const HttpRequest&) { return HttpResponse{.status = 200, .headers = {{"content-type", "text/html; charset=utf-8"}}, .body = "<a>"}; });
    CHECK(look_up(html, cache, 1000, one()).page->files[0].filename == "x-1.0.tar.gz");

    test::MemoryCache fresh;
    test::MemoryHttp odd([](const HttpRequest&) { return HttpResponse{.status = 200, .headers = {{"content-type", "image/png"}}, .body = k_page}; });
    CHECK(look_up(odd, fresh, 1000, one()).page.error().code == ErrorCode::response_malformed);
    look_up(odd, fresh, 1001, one());
    CHECK(odd.requests.size() == 2);
}

TEST_CASE("refused credentials and a broken server are different errors") {
    test::MemoryCache cache;
    for (const auto& [status, code] : {std::pair{401, ErrorCode::http_status}, {403, ErrorCode::http_status}, {300, ErrorCode::network_unreachable},
                                       {406, ErrorCode::network_unreachable}, {500, ErrorCode::network_unreachable}}) {
        test::MemoryHttp http([status = status](const HttpRequest&) { return HttpResponse{.status = status}; });
        CHECK(look_up(http, cache, 1000, one()).page.error().code == code);
    }
}

TEST_CASE("an explicit index hears of its own packages only") {
    test::MemoryCache cache;
    test::MemoryHttp http([](const HttpRequest&) { return json_page(); });
    auto config = one();
    config.indexes.push_back({.url = "https://gpu.index.example/", .credentials = {}, .origin = "uv.toml", .only_pinned = true, .packages = {"torch"}});

    look_up(http, cache, 1000, config);

    REQUIRE(http.requests.size() == 1);
    CHECK(http.requests[0].url == "https://index.example/simple/x/");
    config.indexes[1].packages.emplace_back("x");
    test::MemoryCache empty;
    CHECK(look_up(http, empty, 1000, config).page->files.size() == 2);
    config.indexes = {config.indexes[1]};
    config.indexes[0].packages = {"torch"};
    CHECK(look_up(http, empty, 1000, config).page.error().code == ErrorCode::index_not_configured);
}

TEST_CASE("with no index configured the answer says so") {
    test::MemoryCache cache;
    test::MemoryHttp http([](const HttpRequest&) { return json_page(); });

    CHECK(look_up(http, cache, 1000, {}).page.error().code == ErrorCode::index_not_configured);
}
