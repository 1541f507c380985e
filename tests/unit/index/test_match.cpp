#include <envlock/index/match.hpp>

#include "support/catch.hpp"

using namespace envlock;
using index::PublishedFile;

namespace {
PublishedFile file(std::string name, std::string sha = "s", std::string metadata = "") {
    PublishedFile out{.filename = std::move(name)};
    out.sha256 = std::move(sha);
    out.metadata_sha256 = std::move(metadata);
    return out;
}
index::Match match(const index::InstalledFacts& installed, std::vector<PublishedFile> files) {
    index::ProjectPage page{.name = "x"};
    page.files = std::move(files);
    return match_published(installed, page);
}
const index::InstalledFacts k_pure{.name = "x", .version = "1.0", .tags = {"py3-none-any"}, .build = "", .metadata_sha256 = "m", .generator = ""};
}  // namespace

TEST_CASE("one wheel with the tags: consistent when METADATA agrees, else probable") {
    CHECK(match(k_pure, {file("x-1.0-py3-none-any.whl", "s", "m"), file("x-1.0.tar.gz")}).evidence == "consistent");
    CHECK(match(k_pure, {file("x-1.0-py3-none-any.whl"), file("x-1.0.tar.gz")}).evidence == "probable");
}

TEST_CASE("the same tags with another METADATA, where a source distribution exists: built from it") {
    const auto seen = match(k_pure, {file("x-1.0-py3-none-any.whl", "s", "other"), file("x-1.0.tar.gz", "sdist")});

    CHECK(seen.evidence == "built-from-source");
    CHECK(seen.candidates[0].sha256 == "sdist");
}

TEST_CASE("two wheels with one tag set are ambiguous, and both are named in order") {
    const index::InstalledFacts linux{.name = "x", .version = "1.0", .tags = {"cp37-abi3-manylinux2014_x86_64", "cp37-abi3-manylinux_2_17_x86_64"}};

    const auto seen = match(linux, {file("x-1.0-cp37-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "b"), file("x-1.0-cp37-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", "a"),
                                    file("x-1.0-cp37-abi3-manylinux2014_x86_64.whl", "c")});

    CHECK(seen.evidence == "ambiguous");
    REQUIRE(seen.candidates.size() == 2);
    CHECK(seen.candidates[0].sha256 == "a");
}

TEST_CASE("a build tag that WHEEL names decides; one that it leaves out excludes nothing") {
    auto installed = k_pure;
    installed.metadata_sha256.clear();
    installed.build = "1";
    const auto two = {file("x-1.0-py3-none-any.whl", "plain"), file("x-1.0-1-py3-none-any.whl", "built")};

    CHECK(match(installed, two).candidates[0].sha256 == "built");
    installed.build.clear();
    CHECK(match(installed, two).evidence == "ambiguous");
    CHECK(match(installed, {file("x-1.0-1-py3-none-any.whl", "built")}).evidence == "probable");
}

TEST_CASE("the same file on two indexes is one candidate") {
    CHECK(match(k_pure, {file("x-1.0-py3-none-any.whl", "s", "m"), file("x-1.0-py3-none-any.whl", "s", "m")}).evidence == "consistent");
}

TEST_CASE("no file of the version at all: vanished; only a source distribution: built from it; yanks are told") {
    CHECK(match(k_pure, {}).evidence == "vanished");
    auto sdist = file("x-1.0.tar.gz");
    sdist.yanked = true;
    sdist.yanked_reason = "oops";
    const auto seen = match(k_pure, {sdist});
    CHECK(seen.evidence == "built-from-source");
    CHECK(seen.yanked);
    CHECK(seen.yanked_reason == "oops");
}

TEST_CASE("files that cannot be told apart by tags are not the same as no files") {
    auto other = file("x-1.0-cp312-cp312-win32.whl");
    other.yanked = true;
    const auto seen = match(k_pure, {other});

    CHECK(seen.evidence == "ambiguous");
    CHECK(seen.candidates.size() == 1);
    CHECK(seen.yanked);
    CHECK(match({.name = "x", .version = "2004d.x", .tags = {"py3-none-any"}}, {file("x-2004d.x.tar.gz")}).evidence == "built-from-source");
}
