#include <envlock/base/digest.hpp>
#include <envlock/index/client.hpp>

#include "resolve.hpp"

#include "support/catch.hpp"
#include "support/memory_cache.hpp"
#include "support/memory_http.hpp"

using namespace envlock;
using test::MemoryFileTree;

namespace {

// Every line of a page is the target of a link.
class Lines final : public HtmlReader {
public:
    Result<HtmlLinks> links(std::string_view html) const override {
        HtmlLinks out;
        while (!html.empty()) {
            const auto line = html.substr(0, html.find('\n'));
            out.anchors.push_back({{{"href", std::string(line)}}, ""});
            html.remove_prefix(std::min(html.size(), line.size() + 1));
        }
        return out;
    }
};

struct World {
    explicit World(std::map<std::string, std::string> texts, test::MemoryHttp::Answer reply = [](const HttpRequest&) { return HttpResponse{.status = 404}; })
        : files(std::move(texts)), http(std::move(reply)) {}

    Result<index::ProjectPage> look_up(const std::vector<std::string>& arguments, const std::string& name, const std::string& version, bool offline = false) {
        const FixedClock clock(1000);
        index::IndexClient client(files, http, html, cache, clock, index::resolve_config(files, {}, "/w", "", arguments, ""), offline);
        index::Lookup out{.page = fail(ErrorCode::internal, "never done")};
        client.look_up(name, version, [&](index::Lookup seen) { out = std::move(seen); });
        client.look_up("other", "9", [](const index::Lookup&) {});
        client.run();
        return out.page;
    }

    MemoryFileTree files;
    test::MemoryHttp http;
    test::MemoryCache cache;
    Lines html;
};

std::vector<std::string> names(const Result<index::ProjectPage>& page) {
    std::vector<std::string> out;
    if (page) for (const auto& file : page->files) out.push_back(file.filename);
    return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder offers the files of the version, hashed, and of no other project") {
    World world({{"/w/wheels/Foo_Bar-1.0-py3-none-any.whl", "wheel"}, {"/w/wheels/foo-bar-1.0.tar.gz", "sdist"}, {"/w/wheels/foo_bar-2.0-py3-none-any.whl", "later"},
                 {"/w/wheels/foo-1.0.zip", "another"}, {"/w/wheels/bar-1.0-py3-none-any.whl", "another"}, {"/w/wheels/link-1.0.zip", "-> foo-1.0.zip"}, {"/w/wheels/notes.txt", ""}});

    const auto seen = world.look_up({"-f", "wheels"}, "foo.bar", "1.0.0");

    REQUIRE(names(seen) == Names{"Foo_Bar-1.0-py3-none-any.whl", "foo-bar-1.0.tar.gz"});
    CHECK(seen->files[0].path == "/w/wheels/Foo_Bar-1.0-py3-none-any.whl");
    CHECK(seen->files[0].url.empty());
    CHECK(seen->files[0].index == "file://$PROJECT/wheels");
    CHECK(seen->files[0].size == 5);
    CHECK(seen->files[0].sha256 == sha256_hex("wheel"));
    CHECK(names(world.look_up({"-f", "wheels"}, "foo", "1.0")) == Names{"foo-1.0.zip"});
    CHECK(names(world.look_up({"-f", "file:///w/wheels/"}, "link", "1.0")) == Names{"link-1.0.zip"});
    CHECK(world.look_up({"-f", "wheels"}, "foo", "3.0")->files.empty());
    CHECK(world.http.requests.empty());
}

TEST_CASE("one file, a local page and the pages of a folder are places as well") {
    World world({{"/w/foo-1.0.zip", "a"}, {"/w/page.html", "foo-1.0.zip\nfile:///w/d/foo-1.0-py3-none-any.whl\nhttps://u:p@index.example/foo-1.0.tgz#sha256=" + std::string(64, 'A')},
                 {"/w/d/foo-1.0-py3-none-any.whl", "b"}, {"/w/d/links.HTM", "../foo-1.0.zip"}});

    CHECK(names(world.look_up({"-f", "foo-1.0.zip"}, "foo", "1.0")) == Names{"foo-1.0.zip"});
    const auto page = world.look_up({"-f", "page.html"}, "foo", "1.0");
    REQUIRE(names(page) == Names{"foo-1.0-py3-none-any.whl", "foo-1.0.zip", "foo-1.0.tgz"});
    CHECK(page->files[0].sha256 == sha256_hex("b"));
    CHECK(page->files[1].path == "/w/foo-1.0.zip");
    CHECK(page->files[2].path.empty());
    CHECK(page->files[2].sha256 == std::string(64, 'a'));
    CHECK(names(world.look_up({"-f", "d"}, "foo", "1.0")) == Names{"foo-1.0-py3-none-any.whl", "foo-1.0.zip"});
}

TEST_CASE("a link to a file that is gone has no size and no hash") {
    World world({{"/w/page.html", "gone-1.0.zip\n/\n"}, {"/w/x", ""}});

    const auto seen = world.look_up({"-f", "page.html"}, "gone", "1.0");

    REQUIRE(names(seen) == Names{"gone-1.0.zip"});
    CHECK(seen->files[0].sha256.empty());
    CHECK(seen->files[0].size == -1);
}

TEST_CASE("a flat page is fetched once for everybody, kept, and cannot name a local file") {
    World world({{"/w/secret-1.0.zip", "s"}}, [](const HttpRequest&) {
        return HttpResponse{.status = 200, .headers = {{"content-type", "text/html"}}, .body = "whl/foo-1.0%2Bcpu-py3-none-any.whl\nfile:///w/foo-1.0+cpu.zip\nother-9.zip", .final_url = {}};
    });
    const std::vector<std::string> flags{"--no-index", "-f", "https://u:p@links.index.example/torch.html"};

    const auto seen = world.look_up(flags, "foo", "1.0+cpu");

    REQUIRE(names(seen) == Names{"foo-1.0+cpu-py3-none-any.whl", "foo-1.0+cpu.zip"});
    CHECK(seen->files[0].url == "https://links.index.example/whl/foo-1.0%2Bcpu-py3-none-any.whl");
    CHECK(seen->files[0].index == "https://links.index.example/torch.html");
    CHECK(seen->files[1].url.empty());
    CHECK(seen->files[1].path.empty());
    REQUIRE(world.http.requests.size() == 1);
    CHECK(world.http.requests[0].url == "https://links.index.example/torch.html");
    CHECK(world.http.requests[0].headers[1].second == "Basic dTpw");
    CHECK(names(world.look_up(flags, "foo", "1.0+cpu", true)).size() == 2);
    CHECK(world.http.requests.size() == 1);
}

TEST_CASE("a place with more files than anybody looks through is no answer, not an absence") {
    std::string lines;
    for (int i = 0; i < 200'000; ++i) lines += "a-1.zip\n";
    World world({{"/w/page.html", lines}, {"/w/x", ""}});

    const auto seen = world.look_up({"-f", "page.html"}, "foo", "1.0");

    REQUIRE_FALSE(seen);
    CHECK(seen.error().code == ErrorCode::file_too_large);
}

TEST_CASE("links are asked beside indexes, and one that fails is a warning when the other has the file") {
    World world({{"/w/d/foo-1.0.zip", "a"}}, [](const HttpRequest&) { return HttpResponse{.status = 500}; });

    const auto seen = world.look_up({"-i", "https://index.example/", "-f", "d", "-f", "https://links.index.example/?key=secret"}, "foo", "1.0");

    REQUIRE(names(seen) == Names{"foo-1.0.zip"});
    REQUIRE(seen->warnings.size() == 2);
    CHECK(seen->warnings[1].find("links.index.example") != std::string::npos);
    CHECK(seen->warnings[1].find("secret") == std::string::npos);
    CHECK_FALSE(world.look_up({"-i", "https://index.example/", "-f", "d"}, "foo", "2.0"));
}
