#include <envlock/app/setup.hpp>

#include <envlock/codec/policy_codec.hpp>

#include "support/catch.hpp"
#include "support/memory_file_tree.hpp"

#include <algorithm>

using namespace envlock;
using test::MemoryFileTree;

TEST_CASE("init fills in the direct requirements, and what it writes is a policy") {
    const MemoryFileTree files{{"/w/requirements.txt", "numpy\n"}};

    const auto plan = app::plan_init(files, {.root = "/w"}, false);

    REQUIRE(plan.write.size() == 3);
    const auto policy = parse_policy(plan.write[0].bytes, "envlock.toml");
    REQUIRE(policy);
    CHECK(policy->direct == std::vector<std::string>{"numpy"});
}

TEST_CASE("init never overwrites: what is there is kept, .gitattributes only grows") {
    const MemoryFileTree files{{"/w/envlock.toml", "mine"}, {"/w/.gitattributes", "*.bin -text"}, {"/w/.envlock/allowed_signers", "x"}};

    const auto plan = app::plan_init(files, {.root = "/w"}, false);

    REQUIRE(plan.write.size() == 1);
    CHECK(plan.write[0].path == ".gitattributes");
    CHECK(plan.write[0].bytes.starts_with("*.bin -text\nenvlock"));
    CHECK(plan.kept == std::vector<std::string>{"envlock.toml", ".envlock/allowed_signers"});
}
