#include <envlock/index/prover.hpp>

#include "host/net/zlib_inflater.hpp"
#include "support/catch.hpp"
#include "support/memory_http.hpp"
#include "support/small_zip.hpp"

#include <envlock/base/digest.hpp>

using namespace envlock;
using index::Proof;

namespace {

std::string row(const std::string& path, const std::string& content) {
    return path + ",sha256=" + base64url(sha256_raw(content)) + "," + std::to_string(content.size()) + "\n";
}

std::string record_of(const std::string& code) {
    return row("x/a.py", code) + row("x-1.0.dist-info/METADATA", "m") + row("x-1.0.dist-info/WHEEL", "w") + "x-1.0.dist-info/RECORD,,\n";
}

std::string wheel_of(const std::string& code) {
    test::SmallZip zip;
    zip.add("x/a.py", code);
    zip.add("x-1.0.dist-info/RECORD", record_of(code));
    zip.comment = std::string(3000, '.');
    return zip.build();
}

index::PublishedFile listed(const std::string& name, const std::string& file) {
    return {.filename = name, .url = "https://files.example/" + name, .sha256 = sha256_hex(file), .size = static_cast<std::int64_t>(file.size()), .index = "https://index.example/simple/"};
}

HttpResponse answer_range(const HttpRequest& request, const std::string& file) {
    if (!request.range) return {.status = 200, .body = file};
    const auto [first, last] = *request.range;
    return {.status = 206, .headers = {{"content-range", "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(file.size())}},
            .body = file.substr(first, last - first + 1)};
}

struct Run {
    Proof proof;
    std::vector<HttpRequest> requests;
    index::Prover::Cost cost;
};

Run prove(std::vector<index::PublishedFile> candidates, test::MemoryHttp::Answer answer, index::ProofLimits limits = {}, std::uint64_t tail = 4096, std::string installed = record_of("a"),
          std::size_t together = 1, const index::IndexConfig& config = {}) {
    static const auto inflater = host::make_inflater();
    test::MemoryHttp http(std::move(answer));
    index::Prover prover(http, *inflater, config, limits);
    Run out;
    int calls = 0;
    prover.prove({.candidates = std::move(candidates), .together = together, .tail = tail,
                  .installed = [&] { return index::InstalledRecord{.dist_info = "x-1.0.dist-info", .name = "x", .rows = *parse_record(installed, "RECORD"), .scripts = {}, .is_script_of = {}}; },
                  .wanted = {"x/a.py"}},
                 [&](Proof proof) {
                     out.proof = std::move(proof);
                     ++calls;
                 });
    http.drain();
    CHECK(calls == 1);
    out.requests = http.requests;
    out.cost = prover.cost();
    return out;
}

}  // namespace

TEST_CASE("a wheel is proved by one absolute range of its end, without a HEAD") {
    const auto file = wheel_of("a");

    const auto seen = prove({listed("x.whl", file)}, [&](const HttpRequest& request) { return answer_range(request, file); });

    REQUIRE(seen.proof.equal.size() == 1);
    CHECK(seen.proof.equal[0].filename == "x.whl");
    REQUIRE(seen.requests.size() == 1);
    CHECK(seen.requests[0].range->second == file.size() - 1);
    CHECK(seen.cost.bytes == static_cast<std::int64_t>(std::min<std::size_t>(4096, file.size())));
    CHECK(seen.proof.members.at("x/a.py").size == 1);
}

TEST_CASE("the next candidate is tried when the first is another wheel, and all that share the tags are compared") {
    const auto right = wheel_of("a"), wrong = wheel_of("b");
    const auto serve = [&](const HttpRequest& request) { return answer_range(request, request.url.ends_with("right.whl") || request.url.ends_with("twin.whl") ? right : wrong); };

    const auto second = prove({listed("wrong.whl", wrong), listed("right.whl", right)}, serve);
    CHECK(second.proof.equal.size() == 1);
    CHECK(second.proof.equal[0].filename == "right.whl");

    const auto twins = prove({listed("right.whl", right), listed("twin.whl", right), listed("wrong.whl", wrong)}, serve, {}, 4096, record_of("a"), 2);
    CHECK(twins.proof.equal.size() == 2);
    CHECK(twins.requests.size() == 2);
}

TEST_CASE("when none is equal the nearest is named, with the difference") {
    const auto file = wheel_of("b");

    const auto seen = prove({listed("x.whl", file)}, [&](const HttpRequest& request) { return answer_range(request, file); });

    CHECK(seen.proof.equal.empty());
    REQUIRE(seen.proof.nearest);
    CHECK(seen.proof.difference.verdict == index::RecordVerdict::altered);
    CHECK(seen.proof.difference.changed == std::vector<std::string>{"x/a.py"});
}

TEST_CASE("a server that answers a range with the whole file is believed when the file has the listed hash") {
    const auto file = wheel_of("a");
    auto other = listed("x.whl", file);

    CHECK(prove({other}, [&](const HttpRequest&) { return HttpResponse{.status = 200, .body = file}; }).proof.equal.size() == 1);

    other.sha256 = sha256_hex("other");
    const auto seen = prove({other}, [&](const HttpRequest&) { return HttpResponse{.status = 200, .body = file}; });
    CHECK(seen.proof.equal.empty());
    CHECK(seen.proof.altered_file);
    CHECK(seen.proof.problems.size() == 1);
}

TEST_CASE("where ranges are refused a small file is read whole, and a large one is left alone") {
    const auto file = wheel_of("a");
    for (const int status : {416, 501}) {
        const auto serve = [&](const HttpRequest& request) { return request.range ? HttpResponse{.status = status} : answer_range(request, file); };

        const auto small = prove({listed("x.whl", file)}, serve);
        CHECK(small.proof.equal.size() == 1);
        CHECK(small.requests.size() == 2);
        CHECK_FALSE(small.requests[1].range);

        const auto large = prove({listed("x.whl", file)}, serve, {.download = 100});
        CHECK(large.proof.equal.empty());
        REQUIRE(large.proof.problems.size() == 1);
        CHECK_THAT(large.proof.problems[0].detail, Catch::Contains("--download"));
        CHECK(large.requests.size() == 1);
    }
}

TEST_CASE("a host that refused one range is not asked for another") {
    const auto a = wheel_of("a"), b = wheel_of("b");
    const auto serve = [&](const HttpRequest& request) { return request.range ? HttpResponse{.status = 501} : answer_range(request, request.url.ends_with("a.whl") ? a : b); };

    const auto seen = prove({listed("b.whl", b), listed("a.whl", a)}, serve);

    CHECK(seen.proof.equal.size() == 1);
    CHECK(seen.requests.size() == 3);
}

TEST_CASE("a size that the index does not give is learned from the first byte") {
    const auto file = wheel_of("a");
    auto unsized = listed("x.whl", file);
    unsized.size = -1;

    const auto seen = prove({unsized}, [&](const HttpRequest& request) { return answer_range(request, file); });
    CHECK(seen.proof.equal.size() == 1);
    REQUIRE(seen.requests.size() == 2);
    CHECK(*seen.requests[0].range == std::pair<std::uint64_t, std::uint64_t>{0, 0});

    const auto unknown = prove({unsized}, [&](const HttpRequest&) { return HttpResponse{.status = 206, .headers = {{"content-range", "bytes 0-0/*"}}, .body = "P"}; });
    CHECK(unknown.proof.equal.empty());
    CHECK(unknown.proof.problems.size() == 1);
}

TEST_CASE("another size than the index lists is an altered file, not a bad archive") {
    const auto file = wheel_of("a");
    auto wrong = listed("x.whl", file);
    wrong.size += 10;

    const auto seen = prove({wrong}, [&](const HttpRequest& request) {
        return HttpResponse{.status = 206, .headers = {{"content-range", "bytes " + std::to_string(request.range->first) + "-" + std::to_string(request.range->second) + "/" + std::to_string(file.size())}},
                            .body = std::string(request.range->second - request.range->first + 1, 'x')};
    });

    CHECK(seen.proof.altered_file);
    CHECK(seen.proof.equal.empty());
}

TEST_CASE("a file that is gone, a broken archive and a dead server are problems, and the next candidate is still tried") {
    const auto file = wheel_of("a");
    const auto serve = [&](const HttpRequest& request) -> Result<HttpResponse> {
        if (request.url.ends_with("gone.whl")) return HttpResponse{.status = 404};
        if (request.url.ends_with("dead.whl")) return fail(ErrorCode::network_unreachable, request.url);
        if (request.url.ends_with("broken.whl")) return answer_range(request, std::string(file.size(), 'x'));
        return answer_range(request, file);
    };

    const auto seen = prove({listed("gone.whl", file), listed("dead.whl", file), listed("broken.whl", file), listed("right.whl", file)}, serve);

    CHECK(seen.proof.problems.size() == 3);
    CHECK(seen.proof.equal.size() == 1);
}

TEST_CASE("credentials of an index go to files on its own host and to no other") {
    const auto file = wheel_of("a");
    index::IndexConfig config;
    config.indexes = {index::split_credentials("https://user:secret@files.example/simple/", "test")};
    auto elsewhere = listed("x.whl", file);
    elsewhere.url = "https://other.example/x.whl";
    const auto serve = [&](const HttpRequest& request) { return answer_range(request, file); };

    const auto home = prove({listed("x.whl", file)}, serve, {}, 4096, record_of("a"), 1, config);
    const auto away = prove({elsewhere}, serve, {}, 4096, record_of("a"), 1, config);

    REQUIRE(home.requests[0].headers.size() == 1);
    CHECK(home.requests[0].headers[0].second == "Basic " + base64("user:secret"));
    CHECK(away.requests[0].headers.empty());
}

TEST_CASE("a directory beyond all measure is not asked for") {
    auto zip = test::SmallZip();
    zip.add("x-1.0.dist-info/RECORD", record_of("a"));
    auto file = zip.build();
    auto huge = listed("x.whl", file);
    // The end record claims 100,000 entries in 30 MB that end where it begins.
    huge.size = 1LL << 30U;

    const auto seen = prove({huge}, [&](const HttpRequest& request) {
        auto bytes = std::string(request.range->second - request.range->first + 1, '\0');
        const std::uint64_t eocd = (1ULL << 30U) - 22;
        if (request.range->second == (1ULL << 30U) - 1) {
            std::string end("PK\x05\x06\0\0\0\0\xA0\x86\xA0\x86\x00\x00\xD0\x01", 16);
            const auto start = eocd - 0x01D00000ULL;
            for (int i = 0; i < 4; ++i) end += static_cast<char>((start >> (8 * i)) & 0xFF);
            end += std::string(2, '\0');
            bytes.replace(bytes.size() - 22, 22, end);
        }
        return HttpResponse{.status = 206, .headers = {{"content-range", "bytes " + std::to_string(request.range->first) + "-" + std::to_string(request.range->second) + "/1073741824"}}, .body = bytes};
    });

    CHECK(seen.requests.size() == 1);
    REQUIRE(seen.proof.problems.size() == 1);
    CHECK(seen.proof.problems[0].code == ErrorCode::response_too_large);
}
