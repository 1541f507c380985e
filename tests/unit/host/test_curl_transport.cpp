#include "host/net/curl_transport.hpp"

#include "support/catch.hpp"
#include "support/http_server.hpp"

#include <cstdlib>

using namespace envlock;
using test::HttpServer;

namespace {

host::NetworkOptions quick() {
    host::NetworkOptions out;
    out.backoff = std::chrono::milliseconds(5);
    out.connect_timeout = std::chrono::milliseconds(2000);
    out.total_timeout = std::chrono::milliseconds(3000);
    return out;
}

Result<HttpResponse> get(HttpRequest request, const host::NetworkOptions& options = quick()) {
    const auto http = host::make_curl_transport(options);
    Result<HttpResponse> out = fail(ErrorCode::internal, "never done");
    http->submit(std::move(request), [&](Result<HttpResponse> seen) { out = std::move(seen); });
    http->drain();
    return out;
}

}  // namespace

TEST_CASE("a page is fetched with its headers, and many are fetched in one drain") {
    HttpServer server([](const std::string&) { return HttpServer::reply("200 OK", "body", "ETag: \"x\"\r\n"); });
    const auto http = host::make_curl_transport(quick());
    int done = 0;
    for (int i = 0; i < 40; ++i) {
        http->submit({.url = server.url("/a")}, [&](Result<HttpResponse> seen) {
            REQUIRE(seen);
            CHECK(seen->status == 200);
            CHECK(seen->body == "body");
            CHECK(*seen->header("etag") == "\"x\"");
            if (++done == 40) http->submit({.url = server.url("/b")}, [&](Result<HttpResponse>) { ++done; });  // more, from inside
        });
    }

    http->drain();

    CHECK(done == 41);
}

TEST_CASE("busy answers are asked again, and the last one stands when they do not end") {
    int left = 2;
    HttpServer server([&](const std::string& request) {
        if (request.starts_with("GET /always")) return HttpServer::reply("503 Busy", "");
        return left-- > 0 ? HttpServer::reply("429 Slow down", "", "Retry-After: 0\r\n") : HttpServer::reply("200 OK", "at last");
    });

    CHECK(get({.url = server.url("/x")})->body == "at last");
    CHECK(get({.url = server.url("/always")})->status == 503);
    CHECK(server.requests().size() == 3 + 4);
}

TEST_CASE("a Retry-After that is too long is not waited for") {
    HttpServer server([](const std::string&) { return HttpServer::reply("429 Slow down", "", "Retry-After: 3600\r\n"); });

    CHECK(get({.url = server.url("/x")})->status == 429);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("404 is an answer, no server is an error") {
    HttpServer server([](const std::string&) { return HttpServer::reply("404 Not Found", "no"); });

    CHECK(get({.url = server.url("/x")})->status == 404);
    CHECK(get({.url = "http://127.0.0.1:9/"}).error().code == ErrorCode::network_unreachable);
}

TEST_CASE("a body over the cap and a body cut short are errors") {
    HttpServer server([](const std::string& request) {
        if (request.starts_with("GET /short")) return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        return HttpServer::reply("200 OK", std::string(10'000, 'x'));
    });

    CHECK(get({.url = server.url("/big"), .max_bytes = 9'999}).error().code == ErrorCode::response_too_large);
    CHECK(get({.url = server.url("/big"), .max_bytes = 10'000})->body.size() == 10'000);
    CHECK(get({.url = server.url("/short")}).error().code == ErrorCode::network_unreachable);
}

TEST_CASE("redirects are followed, credentials stay with their host and are never shown") {
    HttpServer other([](const std::string&) { return HttpServer::reply("200 OK", "moved"); });
    HttpServer server([&](const std::string&) { return HttpServer::reply("302 Found", "", "Location: " + other.url("/there", "localhost") + "\r\n"); });
    auto url = server.url("/x");
    url.insert(7, "user:hunter2@");

    const auto seen = get({.url = url});

    REQUIRE(seen);
    CHECK(seen->body == "moved");
    CHECK(seen->final_url == other.url("/there", "localhost"));
    CHECK(server.requests()[0].find("Authorization: Basic") != std::string::npos);
    CHECK(other.requests()[0].find("Authorization") == std::string::npos);
    url.replace(url.find("127.0.0.1"), std::string::npos, "127.0.0.1:9/x");
    const auto failed = get({.url = url});
    CHECK((failed.error().subject + failed.error().detail).find("hunter2") == std::string::npos);
}

TEST_CASE("endless redirects end, and a redirect to another protocol is refused") {
    HttpServer server([](const std::string& request) {
        return HttpServer::reply("302 Found", "", request.starts_with("GET /file") ? "Location: file:///etc/passwd\r\n" : "Location: /again\r\n");
    });

    CHECK(get({.url = server.url("/x")}).error().code == ErrorCode::response_malformed);
    CHECK(get({.url = server.url("/file")}).error().code == ErrorCode::response_malformed);
}

TEST_CASE("a range is the one asked for, or it is refused; a whole file shows as 200") {
    HttpServer server([](const std::string& request) {
        if (request.starts_with("GET /right")) return HttpServer::reply("206 Partial Content", "234", "Content-Range: bytes 2-4/10\r\n");
        if (request.starts_with("GET /wrong")) return HttpServer::reply("206 Partial Content", "345", "Content-Range: bytes 3-5/10\r\n");
        if (request.starts_with("GET /star")) return HttpServer::reply("206 Partial Content", "23", "Content-Range: bytes 2-4/10\r\n");
        return HttpServer::reply("200 OK", "0123456789");
    });
    const std::pair<std::uint64_t, std::uint64_t> range{2, 4};

    CHECK(get({.url = server.url("/right"), .range = range})->body == "234");
    CHECK(get({.url = server.url("/wrong"), .range = range}).error().code == ErrorCode::response_malformed);
    CHECK(get({.url = server.url("/star"), .range = range}).error().code == ErrorCode::response_malformed);
    CHECK(get({.url = server.url("/whole"), .range = range})->status == 200);
    CHECK(server.requests()[0].find("Accept-Encoding") == std::string::npos);
}

TEST_CASE("a server that answers too slowly is unreachable after the time limit") {
    HttpServer server([](const std::string&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(600));
        return HttpServer::reply("200 OK", "late");
    });
    auto options = quick();
    options.total_timeout = std::chrono::milliseconds(100);
    options.retries = 0;

    CHECK(get({.url = server.url("/x")}, options).error().code == ErrorCode::network_unreachable);
}

TEST_CASE("configured credentials go to their origin only, and an own authorization header stays at home") {
    HttpServer other([](const std::string&) { return HttpServer::reply("200 OK", "moved"); });
    HttpServer server([&](const std::string&) { return HttpServer::reply("302 Found", "", "Location: " + other.url("/there") + "\r\n"); });
    auto options = quick();
    options.credentials[server.url("")] = "user:pass:word";

    const auto by_option = get({.url = server.url("/x")}, options);
    const auto by_header = get({.url = server.url("/x"), .headers = {{"Authorization", "Bearer token"}}});

    REQUIRE((by_option && by_header));
    CHECK(server.requests()[0].find("Authorization: Basic dXNlcjpwYXNzOndvcmQ=\r\n") != std::string::npos);
    CHECK(server.requests()[1].find("Authorization: Bearer token") != std::string::npos);
    CHECK(other.requests()[0].find("Authorization") == std::string::npos);
    CHECK(other.requests()[1].find("Authorization") == std::string::npos);
}

TEST_CASE("a redirect within the same place keeps its credentials") {
    HttpServer server([](const std::string& request) {
        return request.starts_with("GET /x") ? HttpServer::reply("302 Found", "", "Location: y\r\n") : HttpServer::reply("200 OK", "here");
    });
    auto url = server.url("/x");
    url.insert(7, "us%40er:p%3Aw@");

    const auto seen = get({.url = url});

    REQUIRE(seen);
    CHECK(seen->body == "here");
    CHECK(seen->final_url == server.url("/y"));
    CHECK(server.requests()[1].find("Authorization: Basic dXNAZXI6cDp3\r\n") != std::string::npos);
}

TEST_CASE("a configured proxy counts for every host but its own exceptions, whatever NO_PROXY says") {
    HttpServer proxy([](const std::string&) { return HttpServer::reply("200 OK", "by proxy"); });
    HttpServer direct([](const std::string&) { return HttpServer::reply("200 OK", "direct"); });
    ::setenv("NO_PROXY", "127.0.0.1", 1);
    auto options = quick();
    options.proxy = proxy.url("");

    const auto through = get({.url = direct.url("/x")}, options);
    options.no_proxy = "127.0.0.1";
    const auto past = get({.url = direct.url("/x")}, options);
    ::unsetenv("NO_PROXY");

    REQUIRE(through);
    CHECK(through->body == "by proxy");
    REQUIRE(past);
    CHECK(past->body == "direct");
}
