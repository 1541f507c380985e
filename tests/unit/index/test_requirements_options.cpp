#include "index/requirements_options.hpp"

#include "support/catch.hpp"
#include "support/memory_file_tree.hpp"

using namespace envlock;
using test::MemoryFileTree;

namespace {
using Texts = std::vector<std::string>;

Texts shown(const index::RequirementsOptions& seen) {
    Texts out;
    for (const auto& each : seen.options) out.push_back(each.name + "=" + each.value);
    return out;
}

Texts parse(std::string_view text, const std::map<std::string, std::string>& environment = {}) { return shown(index::parse_requirements_options(text, environment)); }
}  // namespace

TEST_CASE("options are read in every spelling that pip takes") {
    CHECK(parse("-i a\n-ib\n--index-url c\n--index-url=d\n--pypi-url e\n--ind f\n") ==
          Texts{"index-url=a", "index-url=b", "index-url=c", "index-url=d", "index-url=e", "index-url=f"});
    CHECK(parse("--extra-index-url 'a b' --extra-index-url \"c\\\"d\" -f e\\ f\n") == Texts{"extra-index-url=a b", "extra-index-url=c\"d", "find-links=e f"});
    CHECK(parse("  --no-index  \n--trusted-host h --pre\n") == Texts{"no-index=", "trusted-host=h"});
}

TEST_CASE("comments, continued lines, marks of the encoding and line ends are pip's") {
    CHECK(parse("\xEF\xBB\xBF-i \\\n  a#b # c\r\n# -i no \\\n-f \\\n# ends it\n-f x\n") == Texts{"index-url=a#b", "find-links=x"});
    CHECK(parse(std::string("\xFF\xFE-\0i\0 \0a\0\n\0", 12)) == Texts{"index-url=a"});
    CHECK(parse("-i a\\") == Texts{"index-url=a"});
}

TEST_CASE("variables are expanded by capital names, unset ones stay, and envlock's own secrets do too") {
    const std::map<std::string, std::string> environment{{"USER_1", "u"}, {"lower", "no"}, {"EMPTY", ""}, {"ENVLOCK_PASSPHRASE", "secret"}};

    CHECK(parse("-i https://${USER_1}:${UNSET}@h/${lower}${EMPTY}$USER_1${ENVLOCK_PASSPHRASE}/${\n", environment) ==
          Texts{"index-url=https://u:${UNSET}@h/${lower}${EMPTY}$USER_1${ENVLOCK_PASSPHRASE}/${"});
}

TEST_CASE("what belongs to a requirement is no option of the file") {
    CHECK(parse("numpy==1.0 --hash=sha256:00 -i a\n-e ./x -i b\n--hash=sha256:00\n").empty());
}

TEST_CASE("a line that pip would refuse is a warning that does not repeat it") {
    for (const auto* line : {"--unknown secret", "--index-url", "-i 'secret", "-x secret", "--no secret"}) {
        INFO(line);
        const auto seen = index::parse_requirements_options(std::string(line) + "\n-f ok\n", {});
        CHECK(shown(seen) == Texts{"find-links=ok"});
        REQUIRE(seen.warnings.size() == 1);
        CHECK(seen.warnings[0].find("secret") == std::string::npos);
    }
}

TEST_CASE("a variable cannot make a line endless") {
    std::string line = "-i ";
    for (int i = 0; i < 20'000; ++i) line += "${A}";

    const auto seen = index::parse_requirements_options(line + "\n-f ok\n", {{"A", std::string(100'000, 'x')}});

    CHECK(shown(seen) == Texts{"find-links=ok"});
    CHECK(seen.warnings.size() == 1);
}

TEST_CASE("included files are read in place, from where they lie, and each once") {
    const MemoryFileTree files{{"/w/requirements.txt", "-f 1\n-r deep/a.txt -f ignored\n-c c.txt\n-f 4\n"}, {"/w/deep/a.txt", "-f 2\n-r ../requirements.txt\n-r a.txt\n"}, {"/w/c.txt", "-f 3\n"}};

    const auto seen = index::read_requirements_options(files, "/w/requirements.txt", "/w", {});

    CHECK(shown(seen) == Texts{"find-links=1", "find-links=2", "find-links=3", "find-links=4"});
    CHECK(seen.options[1].folder == "/w/deep");
    CHECK(seen.options[1].origin == "deep/a.txt");
    CHECK(seen.warnings.empty());
}

TEST_CASE("an include that is missing, a folder, a URL or too deep is said and the rest is read") {
    std::map<std::string, std::string> texts{{"/w/r.txt", "-r gone.txt\n-r folder\n-r https://u:p@index.example/r.txt\n-r d0.txt\n-f ok\n"}, {"/w/folder/x", ""}};
    for (int i = 0; i < 30; ++i) texts["/w/d" + std::to_string(i) + ".txt"] = "-r d" + std::to_string(i + 1) + ".txt\n";

    const auto seen = index::read_requirements_options(MemoryFileTree(texts), "/w/r.txt", "/w", {});

    CHECK(shown(seen) == Texts{"find-links=ok"});
    REQUIRE(seen.warnings.size() == 4);
    CHECK(seen.warnings[2] == "r.txt includes a URL, which is not read: https://index.example/r.txt");
    CHECK(seen.warnings[3].find("too deep") != std::string::npos);
}
