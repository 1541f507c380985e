#include "support/catch.hpp"
#include "support/memory_http.hpp"
#include "support/probe_context.hpp"

#include "layers/python/probe.hpp"

#include <algorithm>

using namespace envlock;

namespace {

const std::string k_site = "/p/.venv/lib/python3.11/site-packages";
const std::string k_hex(64, 'a');

std::map<std::string, std::string> venv_with(const std::vector<std::string>& names) {
    std::map<std::string, std::string> files{{"/p/.venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n"}, {"/p/.venv/bin/python", "elf"}};
    for (const auto& name : names) {
        const auto info = k_site + "/" + name + "-1.0.dist-info/";
        files[info + "METADATA"] = "Name: " + name + "\nVersion: 1.0\n";
        files[info + "WHEEL"] = "Wheel-Version: 1.0\nTag: py3-none-any\n";
        files[info + "RECORD"] = "";
    }
    return files;
}

std::string page(const std::string& name, const std::string& file_extra = "", const std::string& page_extra = "") {
    return R"({"meta":{"api-version":"1.1"},"name":")" + name + R"(","versions":["1.0"])" + page_extra + R"(,"files":[{"filename":")" + name +
           R"(-1.0-py3-none-any.whl","url":"https://index.example/f/)" + name + R"(-1.0-py3-none-any.whl","size":5,"upload-time":"2024-01-02T03:04:05Z",)" +
           R"("hashes":{"sha256":")" + k_hex + R"("})" + file_extra + "}]}";
}

LayerSnapshot probe(const std::map<std::string, std::string>& files, test::MemoryHttp::Answer answer) {
    const test::MemoryFileTree tree(files);
    test::ProbeWorld world(tree);
    test::MemoryHttp http(std::move(answer));
    world.use_http = &http;
    auto context = world.context();
    context.ask_index = true;
    context.prove = false;  // by tags alone; see test_proof.cpp
    context.default_index = "https://index.example/simple/";
    auto snapshot = probe_python(context);
    REQUIRE(snapshot);
    return *snapshot;
}

HttpResponse json(std::string body) {
    return {.status = 200, .headers = {{"content-type", "application/vnd.pypi.simple.v1+json"}}, .body = std::move(body), .final_url = {}};
}

}  // namespace

TEST_CASE("the published file of an installed distribution is named with its evidence") {
    const auto files = venv_with({"demo"});
    const auto digest = sha256_hex(files.at(k_site + "/demo-1.0.dist-info/METADATA"));

    const auto proven = probe(files, [&](const HttpRequest&) { return json(page("demo", R"(,"core-metadata":{"sha256":")" + digest + R"("})")); });
    const auto likely = probe(files, [&](const HttpRequest&) { return json(page("demo")); });

    const auto* demo = proven.find("demo");
    CHECK(demo->evidence == Evidence::consistent);
    REQUIRE(demo->artifact);
    CHECK(demo->artifact->filename == "demo-1.0-py3-none-any.whl");
    CHECK(demo->artifact->sha256 == k_hex);
    CHECK(demo->artifact->size == 5);
    CHECK(demo->artifact->index == "https://index.example/simple/");
    CHECK(likely.find("demo")->evidence == Evidence::probable);
    CHECK(proven.notes.empty());
}

TEST_CASE("yanked, vanished and quarantined are said") {
    const auto snapshot = probe(venv_with({"gone", "pulled", "stuck"}), [](const HttpRequest& request) -> Result<HttpResponse> {
        if (request.url.ends_with("/gone/")) return HttpResponse{.status = 404, .headers = {}, .body = {}, .final_url = {}};
        if (request.url.ends_with("/pulled/")) return json(page("pulled", R"(,"yanked":"bad \u001b[31m build")"));
        return json(page("stuck", "", R"(,"project-status":{"status":"archived"})"));
    });

    CHECK(snapshot.find("gone")->evidence == Evidence::vanished);
    std::vector<std::string> rules;
    for (const auto& note : snapshot.notes) rules.push_back(note.rule + " " + note.component);
    CHECK(rules == std::vector<std::string>{"PY030 pulled", "PY031 gone", "PY032 stuck"});
    CHECK(snapshot.notes[0].detail.find('\x1b') == std::string::npos);
}

TEST_CASE("an index that is down leaves every answer open and is said once") {
    const auto snapshot = probe(venv_with({"a", "b", "c"}), [](const HttpRequest& request) -> Result<HttpResponse> { return fail(ErrorCode::network_unreachable, request.url, "refused"); });

    for (const auto* name : {"a", "b", "c"}) CHECK(snapshot.find(name)->evidence == Evidence::unverified);
    REQUIRE(snapshot.notes.size() == 1);
    CHECK(snapshot.notes[0].detail.ends_with("not looked up: a and 2 more"));
}

TEST_CASE("what did not come from an index is not asked about") {
    auto files = venv_with({"local"});
    files[k_site + "/local-1.0.dist-info/direct_url.json"] = R"({"url":"file:///p/local","dir_info":{"editable":true}})";
    bool asked = false;

    const auto snapshot = probe(files, [&](const HttpRequest&) { return asked = true, json(page("local")); });

    CHECK_FALSE(asked);
    CHECK(snapshot.find("local")->evidence == Evidence::source_tree);
}
