#include "layers/nix/flake_lock.hpp"

#include "support/catch.hpp"

#include <algorithm>

using namespace envlock;

namespace {

constexpr std::string_view k_hash = "sha256-Vy1rq5AaRuLzOxct8nz4T6wlgyUR7zLU309k9mBC768=";

std::string node(std::string_view locked, std::string_view rest = "") {
    return R"({"locked":{)" + std::string(locked) + R"(},"original":{"type":"indirect","id":"x"})" + std::string(rest) + "}";
}
std::string lock(std::string_view nodes, std::string_view root_inputs, std::string_view version = "7") {
    return R"({"root":"top","version":)" + std::string(version) + R"(,"nodes":{"top":{"inputs":{)" + std::string(root_inputs) + "}}" +
           (nodes.empty() ? "" : ",") + std::string(nodes) + "}}";
}
std::string github(std::string_view extra = "") {
    return R"("type":"github","owner":"o","repo":"r","rev":"abcdef","narHash":")" + std::string(k_hash) + "\"" + std::string(extra);
}
const nix::FlakeInput* find(const nix::FlakeLock& parsed, std::string_view path) {
    const auto found = std::ranges::find(parsed.inputs, path, &nix::FlakeInput::path);
    return found == parsed.inputs.end() ? nullptr : &*found;
}
nix::FlakeInput one(std::string_view locked) {
    const auto parsed = nix::parse_flake_lock(lock("\"n\":" + node(locked), R"("a":"n")"), "flake.lock");
    REQUIRE(parsed);
    REQUIRE(parsed->inputs.size() == 1);
    return parsed->inputs[0];
}

}  // namespace

TEST_CASE("inputs are named by their way from the root, not by the label of the node") {
    const auto text = lock(R"("nixpkgs_2":)" + node(github(), R"(,"inputs":{"systems":"s"})") + R"(,"s":)" + node(github()), R"("nixpkgs":"nixpkgs_2")");

    const auto parsed = nix::parse_flake_lock(text, "flake.lock");

    REQUIRE(parsed);
    REQUIRE(parsed->inputs.size() == 2);
    CHECK(parsed->inputs[0].path == "nixpkgs");
    CHECK(parsed->inputs[1].path == "nixpkgs/systems");
    CHECK(parsed->inputs[0].owner == "o");
    CHECK(parsed->inputs[0].nar_digest == "sha256:572d6bab901a46e2f33b172df27cf84fac25832511ef32d4df4f64f66042efaf");
    CHECK(parsed->problems.empty());
}

TEST_CASE("follows is resolved by input names from the root, and the empty one is the root itself") {
    const auto text = lock(R"("a":)" + node(github(), R"(,"inputs":{"x":["b","y"],"me":[],"gone":["b","nope"]})") + R"(,"z":)" +
                               node(github(), R"(,"inputs":{"y":"a2"})") + R"(,"a2":)" + node(github()),
                           R"("a":"a","b":"z")");

    const auto parsed = nix::parse_flake_lock(text, "flake.lock");

    REQUIRE(parsed);
    CHECK(find(*parsed, "a/x")->follows == "b/y");
    CHECK(find(*parsed, "a/x")->broken.empty());
    CHECK(find(*parsed, "a/me")->follows == "");
    CHECK(find(*parsed, "a/me")->broken.empty());
    CHECK(find(*parsed, "a/gone")->broken == "follows the missing input \"b/nope\"");
    REQUIRE(parsed->problems.size() == 1);
    CHECK(parsed->problems[0].input == "a/gone");
}

TEST_CASE("cycles are reported and not followed") {
    SECTION("a node that is its own input") {
        const auto parsed = nix::parse_flake_lock(lock(R"("n":)" + node(github(), R"(,"inputs":{"x":"n"})"), R"("a":"n")"), "flake.lock");

        REQUIRE(parsed);
        CHECK(find(*parsed, "a")->broken.empty());
        CHECK(find(*parsed, "a/x")->broken == "is a cycle through node \"n\"");
        CHECK(parsed->inputs.size() == 2);
    }
    SECTION("an input that is the root") {
        const auto parsed = nix::parse_flake_lock(lock(R"("n":)" + node(github(), R"(,"inputs":{"x":"top"})"), R"("a":"n")"), "flake.lock");

        REQUIRE(parsed);
        CHECK(find(*parsed, "a/x")->broken == "leads back to the root node");
    }
    SECTION("inputs that follow each other") {
        const auto parsed = nix::parse_flake_lock(lock("", R"("a":["b"],"b":["c"],"c":["b"])"), "flake.lock");

        REQUIRE(parsed);
        CHECK(find(*parsed, "a")->broken.starts_with("follows itself"));
        CHECK(parsed->problems.size() == 3);
    }
}

TEST_CASE("a graph that would explode is refused in bounded time") {
    std::string nodes;
    for (int i = 0; i < 40; ++i) {
        const auto next = "\"n" + std::to_string(i + 1) + "\"";
        nodes += (i == 0 ? "" : ",") + ("\"n" + std::to_string(i) + "\":") + node(github(), R"(,"inputs":{"l":)" + next + R"(,"r":)" + next + "}");
    }
    nodes += R"(,"n40":)" + node(github());

    const auto parsed = nix::parse_flake_lock(lock(nodes, R"("a":"n0")"), "flake.lock");

    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::lock_malformed);
}

TEST_CASE("follows that multiply are given up in bounded time") {
    std::string inputs = R"("f0":"n")";
    for (int i = 1; i < 60; ++i) {
        const auto before = "\"f" + std::to_string(i - 1) + "\"";
        inputs += ",\"f" + std::to_string(i) + "\":[" + before + ",\"b" + std::to_string(i - 1) + "\"]";
    }
    std::string back;
    for (int i = 1; i < 60; ++i) back += (i == 1 ? "\"b" : ",\"b") + std::to_string(i) + "\":[\"f" + std::to_string(i) + "\"]";

    const auto parsed = nix::parse_flake_lock(lock(R"("n":)" + node(github(), R"(,"inputs":{"b0":"n",)" + back + "}"), inputs), "flake.lock");

    REQUIRE(parsed);
    CHECK_FALSE(parsed->problems.empty());
}

TEST_CASE("versions 5 to 7 are read, with the info of version 5 over locked") {
    const auto old = R"({"info":{"narHash":")" + std::string(k_hash) + R"(","lastModified":7},"locked":{"type":"github","owner":"o","repo":"r","rev":"ab"},"original":{"type":"indirect","id":"x"}})";

    const auto parsed = nix::parse_flake_lock(lock("\"n\":" + old, R"("a":"n")", "5"), "flake.lock");

    REQUIRE(parsed);
    CHECK(parsed->version == 5);
    CHECK(parsed->inputs[0].nar_hash == k_hash);
    CHECK(parsed->inputs[0].last_modified == 7);
    CHECK(nix::parse_flake_lock(lock("", "", "6"), "flake.lock"));
    for (const auto* version : {"0", "4", "8", "70000000"}) {
        const auto refused = nix::parse_flake_lock(lock("", "", version), "flake.lock");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::lock_unsupported);
    }
}

TEST_CASE("what is no lock file at all is one error") {
    const auto text = GENERATE(as<std::string>{}, "", "[]", "{}", R"({"version":7})", R"({"version":"7","root":"r","nodes":{"r":{}}})",
                               R"({"version":7,"root":"r"})", R"({"version":7,"nodes":{}})", R"({"version":7,"root":"r","nodes":{}})",
                               R"({"version":7,"root":"r","nodes":[]})", R"({"version":7,"root":"r","nodes":{"r":{"inputs":[]}}})",
                               R"({"version":7,"version":7,"root":"r","nodes":{"r":{}}})", R"({"version":7,"root":"r","nodes":{"r":3}})");

    const auto parsed = nix::parse_flake_lock(text, "flake.lock");

    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::lock_malformed);
}

TEST_CASE("a merge conflict is named with its line") {
    const auto parsed = nix::parse_flake_lock("{\n  \"nodes\": {\n<<<<<<< HEAD\n=======\n>>>>>>> other\n}}", "flake.lock");

    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::lock_malformed);
    CHECK(parsed.error().detail == "merge conflict marker in line 3");
}

TEST_CASE("a broken entry is one problem, and the others are read") {
    const auto broken = GENERATE(as<std::string>{}, R"({"original":{"type":"indirect","id":"x"}})", R"({"locked":3,"original":{"type":"indirect"}})",
                                 R"({"locked":{"type":"github","rev":[]},"original":{"type":"indirect"}})",
                                 R"({"locked":{"type":"github","rev":1},"original":{"type":"indirect"}})",
                                 R"({"locked":{"rev":"x"},"original":{"type":"indirect"}})",
                                 R"({"locked":{"type":"github","rev":"x","narHash":"sha256-short"},"original":{"type":"indirect"}})",
                                 R"({"locked":{"type":"github","lastModified":-1},"original":{"type":"indirect"}})",
                                 R"({"flake":"no","locked":{"type":"github"},"original":{"type":"indirect"}})");

    const auto parsed = nix::parse_flake_lock(lock("\"n\":" + broken + ",\"m\":" + node(github()), R"("a":"n","b":"m","c":"none")"), "flake.lock");

    REQUIRE(parsed);
    CHECK(parsed->problems.size() == 2);
    CHECK(find(*parsed, "b")->broken.empty());
    CHECK_FALSE(find(*parsed, "c")->broken.empty());
}

TEST_CASE("the strength of a pin is graded") {
    const std::string hash = R"(,"narHash":")" + std::string(k_hash) + "\"";

    CHECK(one(github()).pin == nix::Pin::content);
    CHECK(one(R"("type":"github","owner":"o","repo":"r","rev":"ab")").pin == nix::Pin::rev);
    CHECK(one(R"("type":"git","url":"u","rev":"0000000000000000000000000000000000000000")").pin == nix::Pin::mutable_);
    CHECK(one(R"("type":"indirect","id":"nixpkgs")").pin == nix::Pin::mutable_);
    CHECK(one(R"("type":"path","path":"../..")").pin == nix::Pin::path_local);
    CHECK(one(R"("type":"path","path":"/srv/x")").pin == nix::Pin::mutable_);
    CHECK(one(R"("type":"path","path":"/nix/store/x")" + hash).pin == nix::Pin::content);
    CHECK(one(R"("type":"git","url":"u","dirtyRev":"ab-dirty")" + hash).pin == nix::Pin::dirty);
    CHECK(one(R"("type":"newfangled","anything":"x")").type == "newfangled");
    CHECK(one(R"("type":"newfangled","anything":"x")").locked.text("anything") == "x");
}

TEST_CASE("a slash inside an input's name does not look like a path") {
    const auto parsed = nix::parse_flake_lock(lock("\"n\":" + node(github()), R"("a/b":"n")"), "flake.lock");

    REQUIRE(parsed);
    CHECK(parsed->inputs[0].path == "a%2Fb");
}
