#include <envlock/codec/policy_codec.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("every key of the policy is read") {
    const auto policy = parse_policy(R"(
        [project]
        name = "demo"
        direct = ["numpy", "rich"]
        critical = ["x-*"]
        [gate]
        fail_on = "high"
        max_points = 2.5
        max_divergence = 10
        max_layer = { python = 4 }
        allow_unknown = true
        require_signature = true
        required_layers = ["cuda"]
        [weights]
        "python:numpy" = 3
        [severity]
        PY104 = "info"
        [sign]
        key = "k.pem"
        [[ignore]]
        id = "one"
        rule = "PY103"
        package = "ipykernel"
        reason = "ui only"
        expires = 2027-01-31
    )", "envlock.toml");

    REQUIRE(policy);
    CHECK(policy->project == "demo");
    CHECK(policy->direct == std::vector<std::string>{"numpy", "rich"});
    CHECK(policy->critical == std::vector<std::string>{"x-*"});
    CHECK(policy->fail_on == Severity::high);
    CHECK(policy->max_points == 2'500'000);
    CHECK(policy->max_divergence == 10'000'000);
    CHECK(policy->max_layer.at("python") == 4'000'000);
    CHECK((policy->allow_unknown && policy->require_signature));
    CHECK(policy->weights.at("python:numpy") == 3'000'000);
    CHECK(policy->severities.at("PY104") == Severity::info);
    CHECK(policy->signing_key == "k.pem");
    REQUIRE(policy->ignores.size() == 1);
    CHECK(policy->ignores[0].expires == "2027-01-31");
}

TEST_CASE("an empty policy is the defaults, and the template of init is a policy") {
    CHECK(parse_policy("", "x")->fail_on == Severity::low);
    CHECK(parse_policy("", "x")->critical == default_policy().critical);
    const auto made = parse_policy(policy_template({"numpy", "zope-interface"}, "a \"b\" \\ c", "k"), "x");
    REQUIRE(made);
    CHECK(made->direct.size() == 2);
    CHECK(made->project == "a \"b\" \\ c");
    CHECK(made->signing_key == "k");
}

TEST_CASE("what is wrong is named with its line, and the nearest key is offered") {
    const auto detail = [](const char* text) {
        const auto policy = parse_policy(text, "envlock.toml");
        return policy ? std::string("accepted") : policy.error().detail;
    };

    CHECK(detail("[gate]\nfail_onn = \"low\"\n") == "line 2: unknown key gate.fail_onn; did you mean gate.fail_on?");
    CHECK(detail("[gate]\nfail_on = \"bad\"\n").starts_with("line 2: a severity is"));
    CHECK(detail("[gate]\nmax_points = -1\n").starts_with("line 2: points"));
    CHECK(detail("[gate]\nmax_points = nan\n").starts_with("line 2: points"));
    CHECK(detail("[gate\n").starts_with("line 1"));
    CHECK(detail("[[ignore]]\nid = \"x\"\nrule = \"PY103\"\n").find("needs id, reason and expires") != std::string::npos);
    CHECK(detail("[[ignore]]\nid = \"x\"\nreason = \"r\"\nexpires = \"soon\"\n").find("must be a date") != std::string::npos);
    CHECK(detail("ignore = 3\n").find("[[ignore]]") != std::string::npos);
}

TEST_CASE("a key of very many parts is refused before it can exhaust the stack") {
    std::string dots;
    for (int i = 0; i < 200'000; ++i) dots += ".a";

    for (const auto& text : {"a" + dots + " = 1\n", "[a" + dots + "]\n", "a = {a" + dots + " = 1}\n"}) {
        const auto policy = parse_policy("\n" + text, "envlock.toml");
        REQUIRE_FALSE(policy);
        CHECK(policy.error().detail.starts_with("line 2: "));
    }
    CHECK_FALSE(parse_policy("a = " + std::string(200'000, '['), "envlock.toml"));
}
