#include "host/net/zlib_inflater.hpp"
#include "support/catch.hpp"
#include "support/memory_cache.hpp"
#include "support/memory_http.hpp"
#include "support/probe_context.hpp"
#include "support/small_zip.hpp"

#include "layers/python/probe.hpp"

#include <envlock/base/digest.hpp>

#include <algorithm>

using namespace envlock;

namespace {

const std::string k_site = "/p/.venv/lib/python3.11/site-packages/";
const std::string k_wheel_file = "Wheel-Version: 1.0\nTag: py3-none-any\n";
const std::string k_metadata = "Name: demo\nVersion: 1.0\n";

using Files = std::map<std::string, std::string>;

Files content(const std::string& code = "code", const std::string& generator = "") {
    return {{"demo/__init__.py", code}, {"demo-1.0.dist-info/METADATA", k_metadata}, {"demo-1.0.dist-info/WHEEL", k_wheel_file + generator}};
}

std::string record_of(const Files& files) {
    std::string out;
    for (const auto& [path, text] : files) out += path + ",sha256=" + base64url(sha256_raw(text)) + "," + std::to_string(text.size()) + "\n";
    return out + "demo-1.0.dist-info/RECORD,,\n";
}

std::string wheel_of(const Files& files, const std::string& record = "") {
    test::SmallZip zip;
    for (const auto& [path, text] : files) zip.add(path, text);
    zip.add("demo-1.0.dist-info/RECORD", record.empty() ? record_of(files) : record);
    return zip.build();
}

// The environment as an installer leaves it.
Files venv(const Files& installed, const std::string& record = "") {
    Files out{{"/p/.venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n"}, {"/p/.venv/bin/python", "elf"}};
    for (const auto& [path, text] : installed) out[k_site + path] = text;
    out[k_site + "demo-1.0.dist-info/INSTALLER"] = "pip\n";
    out[k_site + "demo-1.0.dist-info/RECORD"] = record.empty() ? record_of(installed) : record;
    return out;
}

// An index with ranges: file names to their bytes, each a file of demo 1.0.
struct Server {
    Files files;
    Files hashes;  // what the page says instead of the truth
    bool ranges = true;

    HttpResponse operator()(const HttpRequest& request) const {
        const auto name = request.url.substr(request.url.rfind('/') + 1);
        if (name.empty()) return page();
        const auto found = files.find(name);
        if (found == files.end()) return {.status = 404};
        if (!request.range || !ranges) return {.status = 200, .body = found->second};
        const auto [first, last] = *request.range;
        return {.status = 206, .headers = {{"content-range", "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(found->second.size())}},
                .body = found->second.substr(first, last - first + 1)};
    }

    HttpResponse page() const {
        std::string body = R"({"meta":{"api-version":"1.1"},"name":"demo","files":[)";
        for (const auto& [name, bytes] : files) {
            const auto lie = hashes.find(name);
            body += (body.ends_with('[') ? "" : ",") + std::string(R"({"filename":")") + name + R"(","url":"../../files/)" + name + R"(","size":)" + std::to_string(bytes.size()) +
                    R"(,"hashes":{"sha256":")" + (lie == hashes.end() ? sha256_hex(bytes) : lie->second) + R"("}})";
        }
        return {.status = 200, .headers = {{"content-type", "application/vnd.pypi.simple.v1+json"}, {"cache-control", "max-age=0"}}, .body = body + "]}"};
    }
};

struct Seen {
    LayerSnapshot snapshot;
    std::vector<HttpRequest> requests;
    const Component& demo() const { return *snapshot.find("demo"); }
    std::vector<std::string> rules() const {
        std::vector<std::string> out;
        for (const auto& note : snapshot.notes) out.push_back(note.rule);
        return out;
    }
    std::string fact(const std::string& name) const {
        const auto found = demo().facts.find(name);
        return found == demo().facts.end() || !std::holds_alternative<std::string>(found->second) ? "" : std::get<std::string>(found->second);
    }
};

Seen probe(const Files& files, test::MemoryHttp::Answer server, CacheStore* cache = nullptr, std::vector<std::string> arguments = {}, bool offline = false) {
    static const auto inflater = host::make_inflater();
    const test::MemoryFileTree tree(files);
    test::ProbeWorld world(tree);
    test::MemoryHttp http(std::move(server));
    world.use_http = &http;
    world.use_inflater = inflater.get();
    if (cache != nullptr) world.use_cache = cache;
    auto context = world.context();
    context.ask_index = true;
    context.offline = offline;
    context.default_index = "https://index.example/simple/";
    context.index_arguments = std::move(arguments);
    auto snapshot = probe_python(context);
    REQUIRE(snapshot);
    return {*std::move(snapshot), http.requests};
}

const std::string k_wheel = "demo-1.0-py3-none-any.whl";

}  // namespace

TEST_CASE("an installed wheel is proved to be the published one") {
    const auto seen = probe(venv(content()), Server{{{k_wheel, wheel_of(content())}}, {}});

    CHECK(seen.demo().evidence == Evidence::proved);
    REQUIRE(seen.demo().artifact);
    CHECK(seen.demo().artifact->filename == k_wheel);
    CHECK(seen.fact("checkedAgainst") == "published RECORD");
    CHECK(seen.snapshot.notes.empty());
    CHECK(seen.requests.size() == 2);
}

TEST_CASE("a file changed together with its RECORD row is found by the publisher's RECORD") {
    const auto seen = probe(venv(content("evil")), Server{{{k_wheel, wheel_of(content())}, {"demo-1.0.tar.gz", "source"}}, {}});

    CHECK(seen.demo().evidence == Evidence::probable);
    REQUIRE(seen.rules() == std::vector<std::string>{"PY019"});
    CHECK(seen.snapshot.notes[0].detail == "RECORD is not that of " + k_wheel + ": changed demo/__init__.py");
}

TEST_CASE("a file changed without its row leaves the proof, and is said to have changed after installation") {
    const auto seen = probe(venv(content("changed"), record_of(content())), Server{{{k_wheel, wheel_of(content())}}, {}});

    CHECK(seen.demo().evidence == Evidence::proved);
    CHECK(seen.rules() == std::vector<std::string>{"PY010"});
    CHECK(seen.demo().facts.at("changedAfterInstall") == Fact(std::vector<std::string>{"demo/__init__.py"}));
}

TEST_CASE("a file that was published with a wrong hash is not called modified") {
    const auto wrong = record_of(content("what the builder hashed"));
    const auto seen = probe(venv(content("what it packed"), wrong), Server{{{k_wheel, wheel_of(content("what it packed"), wrong)}}, {}});

    CHECK(seen.demo().evidence == Evidence::proved);
    CHECK(seen.rules() == std::vector<std::string>{"PY025"});
    CHECK(seen.demo().files->modified == 0);
    CHECK(seen.demo().facts.at("publishedWrong") == Fact(std::int64_t{1}));
}

TEST_CASE("a build of the same source is told from the published wheel, and from another wheel") {
    const auto rebuilt = probe(venv(content("code", "Generator: other\n")), Server{{{k_wheel, wheel_of(content())}, {"demo-1.0.tar.gz", "source"}}, {}});
    CHECK(rebuilt.demo().evidence == Evidence::built_from_source);
    CHECK(rebuilt.demo().artifact->filename == "demo-1.0.tar.gz");
    CHECK(rebuilt.fact("codeEquals") == k_wheel);
    CHECK(rebuilt.snapshot.notes.empty());

    const auto source = probe(venv(content("mine", "Generator: other\n")), Server{{{k_wheel, wheel_of(content())}, {"demo-1.0.tar.gz", "source"}}, {}});
    CHECK(source.demo().evidence == Evidence::built_from_source);
    CHECK(source.fact("codeEquals").empty());

    const auto foreign = probe(venv(content("mine", "Generator: other\n")), Server{{{k_wheel, wheel_of(content())}}, {}});
    CHECK(foreign.demo().evidence == Evidence::unverified);
    CHECK(foreign.rules() == std::vector<std::string>{"PY024"});
    CHECK_FALSE(foreign.demo().artifact);
}

TEST_CASE("of several wheels with one tag set the proof picks the installed one, or names all that are equal") {
    const auto other = probe(venv(content()), Server{{{"demo-1.0-1-py3-none-any.whl", wheel_of(content("other"))}, {"demo-1.0-2-py3-none-any.whl", wheel_of(content())}}, {}});
    CHECK(other.demo().evidence == Evidence::proved);
    CHECK(other.demo().artifact->filename == "demo-1.0-2-py3-none-any.whl");
    CHECK_FALSE(other.demo().facts.contains("candidates"));

    auto twin = wheel_of(content());
    test::SmallZip commented;
    for (const auto& [path, text] : content()) commented.add(path, text);
    commented.add("demo-1.0.dist-info/RECORD", record_of(content()));
    commented.comment = "another file with the same RECORD";
    const auto equal = probe(venv(content()), Server{{{"demo-1.0-1-py3-none-any.whl", twin}, {"demo-1.0-2-py3-none-any.whl", commented.build()}}, {}});
    CHECK(equal.demo().evidence == Evidence::ambiguous);
    CHECK(equal.demo().artifact->candidates == 2);
}

TEST_CASE("what was proved once costs no second request, and counts offline too") {
    test::MemoryCache cache;
    const Server server{{{k_wheel, wheel_of(content())}}, {}};
    probe(venv(content()), server, &cache);

    const auto again = probe(venv(content()), server, &cache);
    const auto offline = probe(venv(content()), server, &cache, {}, true);

    CHECK(again.demo().evidence == Evidence::proved);
    CHECK(again.requests.size() == 1);  // the page, whose age is over
    CHECK(offline.demo().evidence == Evidence::proved);
    CHECK(offline.requests.empty());
    CHECK(again.demo() == probe(venv(content()), server, &cache).demo());
}

TEST_CASE("another hash behind a known file name is an alarm, a vanished file a warning") {
    test::MemoryCache cache;
    probe(venv(content()), Server{{{k_wheel, wheel_of(content())}}, {}}, &cache);

    const auto replaced = probe(venv(content()), Server{{{k_wheel, wheel_of(content("other"))}}, {}}, &cache);
    CHECK(std::ranges::count(replaced.rules(), "PY033") == 1);
    CHECK(replaced.demo().artifact->sha256 == sha256_hex(wheel_of(content())));

    const auto gone = probe(venv(content()), Server{{{"demo-1.0-cp39-cp39-win32.whl", wheel_of(content("other"))}}, {}}, &cache);
    CHECK(gone.rules() == std::vector<std::string>{"PY036"});
    CHECK(gone.demo().evidence == Evidence::proved);
    CHECK(gone.demo().artifact->filename == k_wheel);
}

TEST_CASE("two indexes with different files for one version are named, and the bytes say which one is installed") {
    const Server first{{{k_wheel, wheel_of(content("other"))}}, {}}, second{{{k_wheel, wheel_of(content())}}, {}};
    const auto both = [&](const HttpRequest& request) { return request.url.starts_with("https://second.example/") ? second(request) : first(request); };

    const auto seen = probe(venv(content()), both, nullptr, {"--extra-index-url", "https://second.example/simple/"});

    CHECK(seen.demo().evidence == Evidence::proved);
    CHECK(seen.demo().artifact->index == "https://second.example/simple/");
    CHECK(seen.rules() == std::vector<std::string>{"PY034"});
    CHECK(seen.demo().facts.at("servedBy") == Fact(std::vector<std::string>{"https://index.example/simple/", "https://second.example/simple/"}));
}

TEST_CASE("a file that is not the listed one is an alarm, and nothing is believed of it") {
    Server server{{{k_wheel, wheel_of(content())}}, {{k_wheel, std::string(64, 'a')}}};
    server.ranges = false;

    const auto seen = probe(venv(content()), server);

    CHECK(seen.demo().evidence == Evidence::probable);
    CHECK(std::ranges::count(seen.rules(), "PY033") == 1);
}

TEST_CASE("a file server that is down is said once, and the weaker evidence stands") {
    const Server server{{{k_wheel, wheel_of(content())}}, {}};
    const auto seen = probe(venv(content()), [&](const HttpRequest& request) -> Result<HttpResponse> {
        if (request.range) return fail(ErrorCode::network_unreachable, request.url, "refused");
        return server(request);
    });

    CHECK(seen.demo().evidence == Evidence::probable);
    REQUIRE(seen.snapshot.notes.size() == 1);
    CHECK(seen.snapshot.notes[0].rule.empty());
    CHECK(seen.snapshot.notes[0].detail.ends_with("not compared with its published file: demo"));
}

TEST_CASE("a wheel that was retagged after it was published is found by its content") {
    auto published = content();
    auto installed = content();
    installed["demo-1.0.dist-info/WHEEL"] = published["demo-1.0.dist-info/WHEEL"];

    const auto seen = probe(venv(installed), Server{{{"demo-1.0-py2.py3-none-any.whl", wheel_of(published)}}, {}});

    CHECK(seen.demo().evidence == Evidence::proved);
    CHECK(seen.demo().artifact->filename == "demo-1.0-py2.py3-none-any.whl");
}
