#include <envlock/index/project_page.hpp>
#include <envlock/json/value.hpp>

#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace envlock;

namespace {
const std::string k_hash(64, 'a');
std::string page(const std::string& files, const std::string& meta = R"({"api-version": "1.1"})") {
    return R"({"meta": )" + meta + R"(, "name": "x", "versions": [], "files": [)" + files + "]}";
}
constexpr const char* k_url = "https://index.example/simple/x/";
}  // namespace

TEST_CASE("a JSON page gives each file with what the index says of it") {
    const auto seen = index::parse_simple_json(
        page(R"({"filename": "x-1.0-py3-none-any.whl", "url": "../../files/x-1.0-py3-none-any.whl#frag", "hashes": {"sha256": ")" + k_hash +
             R"("}, "size": 12, "upload-time": "2024-01-02T03:04:05Z", "core-metadata": {"sha256": ")" + k_hash + R"("}, "yanked": "bad build", "requires-python": null})"),
        k_url, "x");

    REQUIRE(seen);
    REQUIRE(seen->files.size() == 1);
    const auto& file = seen->files[0];
    CHECK(file.url == "https://index.example/files/x-1.0-py3-none-any.whl");
    CHECK(file.sha256 == k_hash);
    CHECK(file.metadata_sha256 == k_hash);
    CHECK(file.size == 12);
    CHECK(file.yanked);
    CHECK(file.yanked_reason == "bad build");
}

TEST_CASE("every way to say or not say something is read: yanked, metadata, hashes, size") {
    const auto seen = index::parse_simple_json(
        page(R"({"filename": "a", "url": "a", "hashes": {}, "yanked": false, "core-metadata": true},)"
             R"({"filename": "b", "url": "/b", "hashes": {"md5": "00"}, "yanked": true},)"
             R"({"filename": "c", "url": "//cdn.index.example/c", "yanked": "", "data-dist-info-metadata": {"sha256": ")" + std::string(64, 'B') + R"("}})"),
        k_url, "x");

    REQUIRE(seen);
    CHECK_FALSE(seen->files[0].yanked);
    CHECK(seen->files[0].sha256.empty());
    CHECK(seen->files[0].size == -1);
    CHECK(seen->files[0].url == "https://index.example/simple/x/a");
    CHECK(seen->files[1].yanked);
    CHECK(seen->files[1].url == "https://index.example/b");
    CHECK(seen->files[2].yanked);
    CHECK(seen->files[2].url == "https://cdn.index.example/c");
    CHECK(seen->files[2].metadata_sha256 == std::string(64, 'b'));
}

TEST_CASE("API versions: none is 1.0, a new minor warns, a new major is refused") {
    CHECK(index::parse_simple_json(R"({"files": []})", k_url, "x")->api_version == "1.0");
    CHECK(index::parse_simple_json(page("", R"({"api-version": "1.4"})"), k_url, "x")->warnings.empty());
    CHECK(index::parse_simple_json(page("", R"({"api-version": "1.9"})"), k_url, "x")->warnings.size() == 1);
    CHECK(index::parse_simple_json(page("", R"({"api-version": "2.0"})"), k_url, "x").error().code == ErrorCode::response_malformed);
}

TEST_CASE("the project's status is found in both places") {
    const auto top = index::parse_simple_json(R"({"files": [], "project-status": {"status": "quarantined", "reason": "malware"}})", k_url, "x");
    const auto meta = index::parse_simple_json(R"({"files": [], "meta": {"api-version": "1.4", "project-status": {"status": "archived"}}})", k_url, "x");

    CHECK(top->status == "quarantined");
    CHECK(top->status_reason == "malware");
    CHECK(meta->status == "archived");
}

TEST_CASE("a status that is not known yet is told as it is, and active is none") {
    for (const auto* status : {"archived", "quarantined", "deprecated", "hibernating"}) {
        CHECK(index::parse_simple_json(std::string(R"({"files": [], "project-status": {"status": ")") + status + R"("}})", k_url, "x")->status == status);
    }
    CHECK(index::parse_simple_json(R"({"files": [], "project-status": {"status": "active", "reason": null}})", k_url, "x")->status.empty());
}

TEST_CASE("optional facts may be null or of another type and are then not said") {
    const auto seen = index::parse_simple_json(
        page(R"({"filename": "a", "url": "a", "provenance": null, "size": null, "upload-time": null, "hashes": null, "yanked": null, "core-metadata": null},)"
             R"({"filename": "b", "url": "b", "provenance": "https://h/p", "size": -1, "upload-time": "2024-01-02T03:04:05Z", "hashes": {"sha256": ")" + std::string(64, 'A') + R"("}},)"
             R"({"filename": "c\u001b[31m", "url": "c", "size": "12", "hashes": {"sha256": "short"}})"),
        k_url, "x");

    REQUIRE(seen);
    CHECK(seen->files[0].provenance.empty());
    CHECK(seen->files[0].size == -1);
    CHECK_FALSE(seen->files[0].yanked);
    CHECK(seen->files[1].provenance == "https://h/p");
    CHECK(seen->files[1].upload_time == "2024-01-02T03:04:05Z");
    CHECK(seen->files[1].sha256 == k_hash);
    CHECK(seen->files[2].sha256.empty());
    CHECK(seen->files[2].filename == "c\x1b[31m");  // as the index says it: escaped where it is shown
}

TEST_CASE("a page or a file with a key twice is refused, and one that is deep where nobody looks is not") {
    CHECK_FALSE(index::parse_simple_json(R"({"files": [], "files": []})", k_url, "x"));
    CHECK_FALSE(index::parse_simple_json(page(R"({"filename": "a", "url": "a", "url": "b"})"), k_url, "x"));
    CHECK(index::parse_simple_json("{\"files\": [], \"_x\": " + std::string(200, '[') + std::string(200, ']') + "}", k_url, "x"));
}

TEST_CASE("only files of the version asked for are kept, in any spelling") {
    const auto seen = index::parse_simple_json(page(R"({"filename": "x-4.0.0rc1-py3-none-any.whl", "url": "1"}, {"filename": "x-4.0.0.rc1-py3-none-any.whl", "url": "2"},)"
                                                    R"({"filename": "x-4.0.0.tar.gz", "url": "3"}, {"filename": "x-4.0.0_rc_1.tar.gz", "url": "4"})"),
                                               k_url, "x", "4.0.0rc1");

    REQUIRE(seen);
    CHECK(seen->files.size() == 3);
}

TEST_CASE("what is not JSON or not a page is refused with a reason") {
    for (const auto* text : {"", "[]", "{}", R"({"files": 1})", R"({"files": [1]})", R"({"files": [)", "{\"files\": [], \"x\": [1}]}"}) {
        INFO(text);
        const auto seen = index::parse_simple_json(text, k_url, "x");
        REQUIRE_FALSE(seen);
        CHECK(seen.error().code == ErrorCode::response_malformed);
    }
    CHECK_FALSE(index::parse_simple_json(std::string(200'000, '['), k_url, "x"));
}

TEST_CASE("an HTML page gives the same files from its anchors") {
    HtmlLinks links;
    links.anchors = {{{{"href", "../../f/x-1.0-py3-none-any.whl#sha256=" + k_hash}, {"data-yanked", "why"}, {"data-core-metadata", "sha256=" + k_hash}}, "x-1.0-py3-none-any.whl"},
                     {{{"href", "/somewhere"}}, "not a file"}};

    const auto seen = index::page_from_links(links, k_url, "x");

    REQUIRE(seen);
    REQUIRE(seen->files.size() == 1);
    CHECK(seen->files[0].url == "https://index.example/f/x-1.0-py3-none-any.whl");
    CHECK(seen->files[0].sha256 == k_hash);
    CHECK(seen->files[0].metadata_sha256 == k_hash);
    CHECK(seen->files[0].yanked_reason == "why");
    links.anchors = {{{{"href", "x-1.0.zip#md5=00"}, {"data-dist-info-metadata", "sha256=" + k_hash}, {"data-yanked", ""}}, ""}};
    links.base = "https://files.index.example/a/";
    const auto other = index::page_from_links(links, k_url, "x");
    CHECK(other->files[0].url == "https://files.index.example/a/x-1.0.zip");
    CHECK(other->files[0].sha256.empty());
    CHECK(other->files[0].metadata_sha256 == k_hash);
    CHECK(other->files[0].yanked);
}

TEST_CASE("a link's file name is decoded and loses its folders") {
    HtmlLinks links;
    links.anchors = {{{{"href", "cpu/x-1.0%2Bcpu-py3-none-any.whl"}}, "cpu/x-1.0%2Bcpu-py3-none-any.whl"}, {{{"href", "x-1.0%2Bcpu.tar.gz"}}, "download"}};

    const auto seen = index::page_from_links(links, k_url, "x", "1.0+cpu");

    REQUIRE(seen);
    REQUIRE(seen->files.size() == 2);
    CHECK(seen->files[0].filename == "x-1.0+cpu-py3-none-any.whl");
    CHECK(seen->files[1].filename == "x-1.0+cpu.tar.gz");
}

TEST_CASE("a page cannot name a local file as its package") {
    const auto seen = index::parse_simple_json(R"({"files": [{"filename": "x-1.0-py3-none-any.whl", "url": "file:///etc/hostname", "hashes": {}},
                                                              {"filename": "x-1.0.zip", "url": "//other.example/x-1.0.zip", "hashes": {}}]})",
                                               k_url, "x");

    REQUIRE(seen);
    CHECK(seen->files.at(0).url == "");
    CHECK(seen->files.at(1).url == "https://other.example/x-1.0.zip");
}

TEST_CASE("a version that is not PEP 440 is found by its text") {
    const auto seen = index::parse_simple_json(R"({"files": [{"filename": "X-2004d/x.tar.gz", "url": "a"}, {"filename": "X-2004e.x.tar.gz", "url": "b"},
                                                              {"filename": "y-2004d.x.tar.gz", "url": "c"}, {"filename": "X-2004d.x.tar.gz", "url": "d"}]})",
                                               k_url, "x", "2004d.x");

    REQUIRE(seen);
    REQUIRE(seen->files.size() == 1);
    CHECK(seen->files[0].url == "https://index.example/simple/x/d");
}

TEST_CASE("an HTML page without files that does not call itself an index page is no index page") {
    CHECK_FALSE(index::page_from_links({}, k_url, "x"));
    CHECK(index::page_from_links({.metas = {{"pypi:repository-version", "1.1"}}}, k_url, "x")->files.empty());
}

TEST_CASE("real index pages parse") {
    const char* corpus = std::getenv("ENVLOCK_CORPUS");
    if (corpus == nullptr) return;  // the corpus is optional; the cases above are not
    std::size_t read = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(corpus) / "python")) {
        if (!entry.is_regular_file() || entry.path().extension() != ".json" || entry.file_size() > (16U << 20U)) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        if (text.find("\"files\"") == std::string::npos || text.find("\"api-version\"") == std::string::npos) continue;
        INFO(entry.path().string());
        // One page is a documentation sample with a comma missing: it must be refused.
        CHECK(index::parse_simple_json(text, k_url, "x").has_value() == json::parse(text, {.depth = 500}, "page").has_value());
        ++read;
    }
    CHECK(read > 0);
}
