#include <envlock/diff/metric.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

using namespace envlock;

namespace {

Component dist(std::string key, std::vector<PathLevel> path) {
    Component c;
    c.key = std::move(key);
    c.kind = "distribution";
    c.path = std::move(path);
    return c;
}

std::vector<PathLevel> pip(std::string major, std::string minor, std::string micro, std::string pre = "", std::string local = "", std::string source = "index") {
    return {{"epoch", "0"}, {"major", std::move(major)}, {"minor", std::move(minor)}, {"micro", std::move(micro)},
            {"pre", std::move(pre)}, {"local", std::move(local)}, {"source", std::move(source)}};
}

// Environments from a small space, so that equal, near and far pairs are all frequent.
class Generator {
public:
    explicit Generator(std::uint32_t seed) : m_random(seed) {}

    std::vector<LayerSnapshot> environment() {
        LayerSnapshot nix{.layer = "nix"}, python{.layer = "python"}, cuda{.layer = "cuda"}, odd{.layer = "elsewhere"};
        for (const auto* key : {"nixpkgs", "utils", "utils/systems"}) {
            if (one_in(5)) continue;
            auto c = dist(key, {{"repo", digit()}, {"ref", digit()}, {"rev", digit()}});
            c.kind = "flake-input";
            c.digests["narHash"] = "sha256:" + digit();
            nix.components.push_back(c);
        }
        for (const auto* key : {"numpy", "pip", "torch", "torch#2", "zope"}) {
            if (one_in(5)) continue;
            auto c = one_in(8) ? dist(key, {{"value", digit()}}) : dist(key, pip(digit(), digit(), digit(), one_in(4) ? "rc1" : "", "", one_in(6) ? "vcs" : "index"));
            c.digests["record"] = "sha256:" + digit();
            if (one_in(12)) c.kind = "other";
            python.components.push_back(c);
        }
        auto interpreter = dist("python", {{"major", "3"}, {"minor", digit()}, {"micro", digit()}, {"build", digit()}, {"abi", digit()}});
        interpreter.kind = "interpreter";
        python.components.push_back(interpreter);
        if (!one_in(4)) cuda.components.push_back(dist("driver", {{"major", digit()}, {"minor", digit()}, {"patch", digit()}}));
        // Levels in an order no layer would write: a hostile manifest must not break the metric.
        odd.components.push_back(dist("x", {{"local", digit()}, {"major", digit()}, {"unheard-of", digit()}}));
        if (one_in(2)) odd.components.back().path.resize(m_random() % 4);
        std::vector<LayerSnapshot> out{nix, python, cuda, odd};
        for (auto& layer : out) freeze(layer);
        return out;
    }
    bool one_in(unsigned n) { return m_random() % n == 0; }
    std::string digit() { return std::string(1, static_cast<char>('0' + m_random() % 2)); }
    std::uint32_t number() { return static_cast<std::uint32_t>(m_random()); }

private:
    std::mt19937 m_random;
};

Policy policy_with_everything() {
    Policy policy;
    policy.critical = {"torch", "nvidia-*"};
    policy.weights = {{"python:zope", 1}, {"elsewhere:*", 3'333'333}};
    return policy;
}

}  // namespace

TEST_CASE("D and S are a metric on 20,000 random triples of environments") {
    Generator generate(20261124);
    const auto policy = policy_with_everything();
    std::size_t identical = 0, violations = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto a = generate.environment(), b = generate.environment(), c = generate.environment();
        const auto ab = total_distance(a, b, policy), bc = total_distance(b, c, policy), ac = total_distance(a, c, policy);
        if (total_distance(a, a, policy) != 0) ++violations;
        if ((ab == 0) != (environment_digest(a) == environment_digest(b))) ++violations;
        if (ab != total_distance(b, a, policy)) ++violations;
        if (ac > ab + bc) ++violations;
        if (score(ac) > score(ab) + score(bc)) ++violations;
        if ((ab == 0) != (score(ab) == 0) || score(ab) > 9999) ++violations;
        if (ab == 0) ++identical;
    }
    CHECK(violations == 0);
    CHECK(identical < 20'000);
}

TEST_CASE("D is additive over layers, and adding a difference never lowers it") {
    Generator generate(7);
    const Policy policy;
    for (int i = 0; i < 5'000; ++i) {
        const auto a = generate.environment(), b = generate.environment();
        const auto whole = total_distance(a, b, policy);
        std::int64_t parts = 0;
        for (std::size_t layer = 0; layer < a.size(); ++layer) parts += total_distance({a[layer]}, {b[layer]}, policy);
        REQUIRE(parts == whole);

        auto more = b;
        more[1].components.push_back(dist("extra", pip("1", "0", "0")));
        freeze(more[1]);
        REQUIRE(total_distance(a, more, policy) == whole + k_micro);
        REQUIRE(score(whole + k_micro) >= score(whole));
    }
}

TEST_CASE("what both sides share unchanged does not change the number") {
    Generator generate(11);
    const Policy policy;
    for (int i = 0; i < 2'000; ++i) {
        auto a = generate.environment(), b = generate.environment();
        const auto alone = total_distance(a, b, policy);
        for (auto* side : {&a, &b}) {
            for (const auto* key : {"shared-1", "shared-2"}) (*side)[1].components.push_back(dist(key, pip("1", "2", "3")));
            freeze((*side)[1]);
        }
        REQUIRE(total_distance(a, b, policy) == alone);
    }
}

TEST_CASE("churn over a history is never less than its net drift") {
    Generator generate(3);
    const Policy policy;
    for (int i = 0; i < 500; ++i) {
        std::vector<std::vector<LayerSnapshot>> history;
        for (int step = 0; step < 6; ++step) history.push_back(generate.environment());
        std::int64_t churn = 0;
        for (std::size_t step = 1; step < history.size(); ++step) churn += total_distance(history[step - 1], history[step], policy);
        REQUIRE(churn >= total_distance(history.front(), history.back(), policy));
    }
}

TEST_CASE("the distance of a level does not grow with depth, for every kind") {
    const std::vector<std::pair<std::string, std::vector<std::string>>> paths{
        {"distribution", {"absent", "epoch", "major", "minor", "micro", "pre", "local", "source", "content"}},
        {"input", {"absent", "repo", "ref", "rev", "content"}},
        {"toolkit", {"absent", "major", "minor", "patch", "build", "content"}},
        {"interpreter", {"absent", "major", "minor", "micro", "build", "abi", "content"}},
        {"environment", {"absent", "value", "content"}},
    };
    for (const auto& [kind, levels] : paths) {
        for (std::size_t i = 1; i < levels.size(); ++i) {
            INFO(kind << " " << levels[i]);
            CHECK(level_distance(kind, levels[i]) <= level_distance(kind, levels[i - 1]));
            CHECK(level_distance(kind, levels[i]) > 0);
        }
    }
    CHECK(level_distance("interpreter", "minor") == k_micro);
    CHECK(level_distance("distribution", "minor") == 500'000);
}

TEST_CASE("the first differing level decides, and content only when the whole path is equal") {
    const auto base = dist("numpy", pip("1", "26", "4"));
    auto same_bytes = base, other_bytes = base;
    same_bytes.digests["record"] = "sha256:a";
    other_bytes.digests["record"] = "sha256:b";
    const auto minor = dist("numpy", pip("1", "27", "0"));
    const auto major = dist("numpy", pip("2", "26", "4"));

    CHECK(distance(&base, &base) == Distance{0, ""});
    CHECK(distance(&base, nullptr) == Distance{1'000'000, "absent"});
    CHECK(distance(&base, &minor) == Distance{500'000, "minor"});
    CHECK(distance(&base, &major) == Distance{800'000, "major"});
    CHECK(distance(&same_bytes, &other_bytes) == Distance{100'000, "content"});
    CHECK(distance(&base, &other_bytes) == Distance{0, ""});
}

TEST_CASE("the published file is compared only when both sides are certain and nothing else was") {
    auto a = dist("numpy", pip("1", "26", "4")), b = a;
    a.artifact = Artifact{.filename = "x.whl", .sha256 = "aa"};
    b.artifact = Artifact{.filename = "x.whl", .sha256 = "bb"};
    a.evidence = b.evidence = Evidence::probable;
    CHECK(distance(&a, &b).delta == 0);

    a.evidence = b.evidence = Evidence::proved;
    CHECK(distance(&a, &b).level == "content");

    a.digests["record"] = b.digests["record"] = "sha256:same";
    CHECK(distance(&a, &b).delta == 0);
}

TEST_CASE("weights come from key and policy") {
    Policy policy;
    policy.critical = {"torch", "nvidia-*"};
    CHECK(weight("python", "requests", "distribution", policy) == 1'000'000);
    CHECK(weight("python", "torch", "distribution", policy) == 2'000'000);
    CHECK(weight("python", "nvidia-cudnn-cu12", "distribution", policy) == 2'000'000);
    CHECK(weight("python", "pip#2", "distribution", policy) == 100'000);
    CHECK(weight("python", "python", "interpreter", policy) == 5'000'000);
    CHECK(weight("nix", "nixpkgs", "flake-input", policy) == 5'000'000);
    CHECK(weight("nix", "flake-utils", "flake-input", policy) == 2'000'000);
    CHECK(weight("nix", "flake-utils/systems", "flake-input", policy) == 500'000);
    CHECK(weight("cuda", "driver", "driver", policy) == 4'000'000);

    policy.weights = {{"python:*", 10}, {"python:t*", 20}, {"python:torch", 30}, {"python:neg", -5}};
    CHECK(weight("python", "requests", "distribution", policy) == 10);
    CHECK(weight("python", "toml", "distribution", policy) == 20);
    CHECK(weight("python", "torch", "distribution", policy) == 30);
    CHECK(weight("python", "neg", "distribution", policy) == 0);
}

TEST_CASE("the score follows its formula") {
    CHECK(score(0) == 0);
    CHECK(score(1) == 1);
    CHECK(score(INT64_MAX) == 9999);
    // The published reference values, in tenths; ours are rounded up in the second decimal.
    const std::pair<double, int> reference[]{{0.5, 25}, {1, 49}, {2, 95}, {5, 221}, {10, 393}, {20, 632}, {40, 865}, {60, 950}};
    for (const auto& [points, tenths] : reference) {
        INFO(points);
        CHECK(std::abs(score(static_cast<std::int64_t>(points * 1e6)) - tenths * 10) <= 6);
    }
    for (std::int64_t points = 1; points < 400'000'000; points += 777'777) {
        const auto real = 10'000.0 * (1.0 - std::exp(-static_cast<double>(points) / 20e6));
        REQUIRE(std::abs(static_cast<double>(score(points)) - std::min(std::ceil(real), 9999.0)) <= 0.0);
    }
}

TEST_CASE("a λ that grew with depth would break the triangle, as the reference says") {
    // Three versions that differ in micro pairwise, A and C in the artifact alone: 0.6 > 0.25 + 0.25.
    const std::int64_t artifact = 600'000, micro = 250'000;
    CHECK(artifact > micro + micro);
    CHECK(level_distance("distribution", "content") <= 2 * level_distance("distribution", "micro"));
}

TEST_CASE("globs match whole texts, also hostile ones, in reasonable time") {
    CHECK(matches_glob("nvidia-*", "nvidia-cudnn"));
    CHECK_FALSE(matches_glob("nvidia-*", "xnvidia-"));
    CHECK(matches_glob("*", ""));
    CHECK(matches_glob("a?c*e", "abcde"));
    CHECK_FALSE(matches_glob("a?c", "ac"));
    CHECK_FALSE(matches_glob(std::string(200, '*') + "b", std::string(5'000, 'a')));
}
