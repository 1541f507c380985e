// What an index with credentials or with signed URLs may leave on the disk.
#include <envlock/index/client.hpp>

#include "index/page_cache.hpp"

#include "support/catch.hpp"
#include "support/memory_cache.hpp"
#include "support/memory_file_tree.hpp"
#include "support/memory_http.hpp"

using namespace envlock;

namespace {

class Links final : public HtmlReader {
public:
    Result<HtmlLinks> links(std::string_view) const override {
        return HtmlLinks{.anchors = {{{{"href", "https://u:hunter2@cdn.index.example/x-1.0.tar.gz"}, {"data-requires-python", ">=3"}}, "x-1.0.tar.gz"}}};
    }
};

// Keeps what is written, as a disk would.
class Disk final : public CacheStore {
public:
    std::optional<std::string> get(std::string_view bucket, std::string_view key) const override { return m_memory.get(bucket, key); }
    void put(std::string_view bucket, std::string_view key, std::string_view value) override {
        written.append(value);
        m_memory.put(bucket, key, value);
    }
    std::string written;

private:
    test::MemoryCache m_memory;
};

const std::string k_hash(64, 'a');

std::string page(const std::string& url) {
    return R"({"meta": {"api-version": "1.4", "_last-serial": 7, "next": "https://h/?token=hunter2"}, "project-status": {"status": "archived", "reason": "old"},
              "files": [{"filename": "x-1.0-py3-none-any.whl", "url": ")" + url + R"(", "hashes": {"sha256": ")" + k_hash + R"("}, "size": 5, "yanked": "bad",
                         "upload-time": "2024-01-02T03:04:05Z", "core-metadata": {"sha256": ")" + k_hash + R"("}, "provenance": "https://h/p?token=hunter2"},
                        {"filename": "x-2.0-py3-none-any.whl", "url": "https://cdn.index.example/x-2.0-py3-none-any.whl", "hashes": {}}]})";
}

HttpResponse answer(std::string body, const char* type = "application/vnd.pypi.simple.v1+json") {
    return {.status = 200, .headers = {{"content-type", type}, {"etag", "\"v1\""}}, .body = std::move(body), .final_url = "https://u:hunter2@index.example/simple/x/?token=hunter2"};
}

index::Lookup look_up(HttpTransport& http, CacheStore& cache, const std::string& url, const std::string& version = "1.0", bool anew = false, std::int64_t now = 1000) {
    const Links html;
    const FixedClock clock(now);
    const test::MemoryFileTree files{{"/x", ""}};
    index::IndexConfig config;
    config.indexes = {index::split_credentials(url, "test")};
    index::IndexClient client(files, http, html, cache, clock, std::move(config), false);
    index::Lookup out{.page = fail(ErrorCode::internal, "never done")};
    const auto done = [&](index::Lookup seen) { out = std::move(seen); };
    if (anew) client.look_up_anew("x", version, done);
    else client.look_up("x", version, done);
    client.run();
    return out;
}

const std::string k_public = "https://index.example/simple/", k_private = "https://u:hunter2@index.example/simple/";

}  // namespace

TEST_CASE("no signed query, token or password of a page reaches the cache, and the page is kept all the same") {
    Disk disk;
    test::MemoryHttp http([](const HttpRequest&) { return answer(page("https://cdn.index.example/x-1.0-py3-none-any.whl\\u003fX-Signature=hunter2")); });

    const auto first = look_up(http, disk, k_public);
    const auto second = look_up(http, disk, k_public);

    CHECK(first.page->files[0].url == "https://cdn.index.example/x-1.0-py3-none-any.whl?X-Signature=hunter2");
    CHECK_FALSE(first.page->files[0].url_is_cut);
    CHECK(disk.written.find("hunter2") == std::string::npos);
    CHECK(http.requests.size() == 1);
    const auto& file = second.page->files.at(0);
    CHECK(file.url == "https://cdn.index.example/x-1.0-py3-none-any.whl");
    CHECK(file.url_is_cut);
    CHECK(file.sha256 == k_hash);
    CHECK(file.metadata_sha256 == k_hash);
    CHECK(file.size == 5);
    CHECK(file.upload_time == "2024-01-02T03:04:05Z");
    CHECK(file.yanked_reason == "bad");
    CHECK(file.provenance == "https://h/p");
    CHECK(second.page->status == "archived");
    CHECK(second.page->serial == 7);
    CHECK_FALSE(look_up(http, disk, k_public, "2.0").page->files.at(0).url_is_cut);
}

TEST_CASE("a cut URL is whole again when the index is asked anew, whose answer cannot be a 304") {
    Disk disk;
    test::MemoryHttp http([](const HttpRequest&) { return answer(page("https://cdn.index.example/x-1.0-py3-none-any.whl?sig=hunter2")); });
    look_up(http, disk, k_public);

    const auto seen = look_up(http, disk, k_public, "1.0", true);

    CHECK(seen.page->files[0].url.ends_with("?sig=hunter2"));
    REQUIRE(http.requests.size() == 2);
    CHECK(http.requests[1].headers.size() == 1);
}

TEST_CASE("a reduced page stays reduced when the server says it is still right") {
    Disk disk;
    int asked = 0;
    test::MemoryHttp http([&](const HttpRequest&) {
        return asked++ == 0 ? answer(page("https://cdn.index.example/x-1.0-py3-none-any.whl?sig=hunter2")) : HttpResponse{.status = 304};
    });
    look_up(http, disk, k_public);

    const auto later = look_up(http, disk, k_public, "1.0", false, 5000);

    CHECK(asked == 2);
    CHECK(later.page->files.at(0).url_is_cut);
    CHECK(look_up(http, disk, k_public, "1.0", false, 5001).page->files.at(0).url_is_cut);
    CHECK(asked == 2);
}

TEST_CASE("of an index with credentials only what envlock reads is kept") {
    Disk disk;
    test::MemoryHttp http([](const HttpRequest&) { return answer(R"({"x-session": "hunter2", "files": [{"filename": "x-1.0.zip", "url": "x-1.0.zip"}]})"); });

    look_up(http, disk, k_private);
    const auto again = look_up(http, disk, k_private);

    CHECK(disk.written.find("hunter2") == std::string::npos);
    CHECK(http.requests.size() == 1);
    CHECK(again.page->files.at(0).url == "https://index.example/simple/x/x-1.0.zip");
}

TEST_CASE("an HTML page with a password in a link is kept without it") {
    Disk disk;
    test::MemoryHttp http([](const HttpRequest&) { return answer("<a href='https://u:hunter2@cdn'>", "text/html"); });

    look_up(http, disk, k_public);
    const auto again = look_up(http, disk, k_public);

    CHECK(disk.written.find("hunter2") == std::string::npos);
    CHECK(again.page->files.at(0).url == "https://cdn.index.example/x-1.0.tar.gz");
    CHECK(again.page->files.at(0).url_is_cut);
    CHECK(again.page->files.at(0).requires_python == ">=3");
}

TEST_CASE("a public page is kept as it came, and where it came from without secrets") {
    Disk disk;
    const std::string body = R"({"files": [{"filename": "x-1.0.zip", "url": "x-1.0.zip", "unknown": 1}]})";
    test::MemoryHttp http([&](const HttpRequest&) { return HttpResponse{.status = 200, .headers = {{"content-type", "application/json"}}, .body = body, .final_url = "https://u:hunter2@h/x/?t=hunter2"}; });

    look_up(http, disk, k_public);

    CHECK(disk.written.ends_with(body));
    CHECK(disk.written.find("hunter2") == std::string::npos);
}
