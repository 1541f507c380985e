#include <envlock/diff/compare.hpp>

#include "support/catch.hpp"

#include <algorithm>

using namespace envlock;

namespace {

Component dist(std::string key, std::string version, std::vector<PathLevel> release, std::string record = "r") {
    Component c{.key = std::move(key), .kind = "distribution", .version = std::move(version), .path = std::move(release)};
    c.path.push_back({"source", "index"});
    c.digests["record"] = "sha256:" + record;
    return c;
}

Component numpy(std::string major, std::string minor, std::string record = "r") {
    return dist("numpy", major + "." + minor, {{"epoch", "0"}, {"major", major}, {"minor", minor}}, std::move(record));
}

Manifest with(std::vector<LayerSnapshot> layers) {
    Manifest m;
    m.layers = std::move(layers);
    for (auto& layer : m.layers) freeze(layer);
    return m;
}

Manifest python(std::vector<Component> components, std::vector<Note> notes = {}) {
    return with({{.layer = "python", .components = std::move(components), .notes = std::move(notes)}});
}

Report diff(const Manifest& before, const Manifest& after, const Policy& policy = {}, std::string today = "2026-11-24") {
    return compare({.before = before, .after = after, .policy = policy, .before_name = "envlock.lock", .after_name = "live", .today = std::move(today),
                    .before_lines = {{"python/numpy", 12}}, .before_file = "envlock.lock", .after_live = true});
}

}  // namespace

TEST_CASE("equal environments are clean, complete and at distance 0") {
    const auto m = python({numpy("1", "26")});

    const auto report = diff(m, m);

    CHECK(report.exit == Exit::clean);
    CHECK(report.complete);
    CHECK(report.points == 0);
    CHECK(report.findings.empty());
    CHECK(report.layers.at(0).equal);
    CHECK(report.before_digest == report.after_digest);
}

TEST_CASE("a moved, an added and a removed distribution are one finding each, the worst first") {
    auto app = dist("app", "1", {{"major", "1"}});
    app.facts["requires"] = std::vector<std::string>{"pandas"};
    auto pandas = dist("pandas", "1", {{"major", "1"}});
    pandas.facts["requires"] = std::vector<std::string>{"numpy"};

    const auto report = diff(python({numpy("1", "26"), app, pandas, dist("gone", "3", {{"major", "3"}})}),
                             python({numpy("2", "1"), app, pandas, dist("new", "4", {{"major", "4"}})}));

    REQUIRE(report.findings.size() == 3);
    CHECK(report.findings[0].rule == "PY101");
    const auto& moved = report.findings[1];
    CHECK(moved.rule == "PY102");
    CHECK(moved.level == "major");
    CHECK(moved.direction == "up");
    CHECK(moved.before_text == "1.26");
    CHECK(moved.after_text == "2.1");
    CHECK(moved.points == 800'000);
    CHECK(moved.affected == std::vector<std::string>{"pandas", "app"});
    CHECK(moved.location == Location{"envlock.lock", 12});
    CHECK(report.findings[2].rule == "PY100");
    CHECK(report.points == 2'800'000);
    CHECK(report.findings[0].share + report.findings[1].share + report.findings[2].share == 10'000);
    CHECK(report.exit == Exit::drift);
    CHECK(report.gate == "severity >= low");
}

TEST_CASE("the same version with different bytes is near and critical, and names the files") {
    const auto before = python({numpy("1", "26", "a")}, {{"PY010", "numpy", "numpy/old.py", "was edited before"}});
    const auto after = python({numpy("1", "26", "b")}, {{"PY010", "numpy", "numpy/old.py", "was edited before"}, {"PY010", "numpy", "numpy/core.py", "differs"}});

    const auto report = diff(before, after);

    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].rule == "PY106");
    CHECK(report.findings[0].severity == Severity::critical);
    CHECK(report.findings[0].points == 100'000);
    CHECK(report.findings[0].details == std::vector<std::string>{"PY010 numpy/core.py: differs"});
}

TEST_CASE("a new note about something unchanged is a finding without points, an old one is none") {
    const auto before = python({numpy("1", "26")}, {{"PY022", "", "~umpy", ""}});
    const auto after = python({numpy("1", "26")}, {{"PY022", "", "~umpy", ""}, {"PY020", "numpy", "numpy", "twice"}, {"PY030", "numpy", "", "yanked"}});

    const auto report = diff(before, after);

    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].rule == "PY020");
    CHECK(report.findings[0].level == "note");
    CHECK(report.findings[0].points == 0);
    CHECK(report.exit == Exit::drift);
}

TEST_CASE("a narHash that changes under the same revision is critical") {
    Component input{.key = "nixpkgs", .kind = "flake-input", .version = "abc", .path = {{"repo", "r"}, {"ref", ""}, {"rev", "abc"}}};
    input.digests["narHash"] = "sha256:1";
    auto other = input;
    other.digests["narHash"] = "sha256:2";

    const auto report = diff(with({{.layer = "nix", .components = {input}}}), with({{.layer = "nix", .components = {other}}}));

    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].rule == "NIX104");
    CHECK(report.findings[0].severity == Severity::critical);
    CHECK(report.findings[0].points == 500'000);
}

TEST_CASE("what cannot be seen widens the score and is inconclusive, unless drift is certain or unknown is allowed") {
    auto unseen = numpy("1", "26");
    unseen.unknown = true;
    Policy lenient;
    lenient.allow_unknown = true;

    const auto report = diff(python({numpy("1", "26")}), python({unseen}));

    CHECK(report.exit == Exit::inconclusive);
    CHECK_FALSE(report.complete);
    CHECK(report.score == 0);
    CHECK(report.score_high > 0);
    REQUIRE(report.unobserved.size() == 1);
    CHECK(report.unobserved[0].weight == 1'000'000);
    CHECK(diff(python({numpy("1", "26")}), python({unseen}), lenient).exit == Exit::clean);
    CHECK(diff(python({numpy("1", "26"), dist("x", "1", {})}), python({unseen})).exit == Exit::drift);
}

TEST_CASE("a layer that went out of sight is unobserved, and one skipped on purpose is not") {
    const auto before = with({{.layer = "cuda", .components = {{.key = "driver", .kind = "driver", .path = {{"major", "550"}}}}}});
    const auto blind = with({{.layer = "cuda", .presence = Presence::unobservable}});
    const auto without = with({{.layer = "cuda", .presence = Presence::absent}});
    Policy needs;
    needs.required_layers = {"cuda"};

    CHECK(diff(before, blind).exit == Exit::inconclusive);
    CHECK(diff(before, without).exit == Exit::inconclusive);
    CHECK(diff(before, without).findings.empty());
    CHECK(diff(before, without, needs).exit == Exit::drift);
    CHECK(diff(without, without).exit == Exit::clean);
    const Policy policy;
    const auto skipped = compare({.before = before, .after = blind, .policy = policy, .skipped_layers = {"cuda"}});
    CHECK(skipped.exit == Exit::clean);
    CHECK(skipped.complete);
}

TEST_CASE("an ignore hides from every gate and keeps the points; expired and unused ones are named") {
    Policy policy;
    policy.max_points = 0;
    policy.ignores = {{.id = "numpy-ok", .rule = "PY10*", .package = "numpy", .version = ">=2,<3", .expires = "2027-01-31"}, {.id = "stale", .package = "other", .expires = "2027-01-31"}};
    const auto before = python({numpy("1", "26")}), after = python({numpy("2", "1")});

    const auto hidden = diff(before, after, policy);
    CHECK(hidden.exit == Exit::clean);
    CHECK(hidden.findings.at(0).suppressed_by == "numpy-ok");
    CHECK(hidden.points == 800'000);
    CHECK(hidden.warnings == std::vector<std::string>{"POL002 ignore entry matched nothing: stale"});

    const auto back = diff(before, after, policy, "2027-02-01");
    CHECK(back.exit == Exit::drift);
    CHECK(back.findings.at(0).suppressed_by.empty());
    CHECK(back.warnings.at(0).starts_with("POL003"));

    CHECK(diff(before, python({numpy("3", "0")}), policy).exit == Exit::drift);
}

TEST_CASE("gates by points, by layer and by severity are named when they trip; info never gates") {
    Policy policy;
    policy.fail_on = Severity::high;
    const auto before = python({numpy("1", "26")}), after = python({numpy("2", "1")});
    CHECK(diff(before, after, policy).exit == Exit::clean);

    policy.max_layer["python"] = 500'000;
    CHECK(diff(before, after, policy).exit == Exit::drift);
    CHECK(diff(before, after, policy).gate == "python points > 0.50");

    Policy strict;
    strict.fail_on = Severity::info;
    CHECK(diff(python({dist("pip", "1", {{"major", "1"}})}), python({dist("pip", "2", {{"major", "2"}})}), strict).exit == Exit::clean);
}

TEST_CASE("the native side of a distribution that moved is folded into it") {
    const auto side = [](std::string major, std::string edges) {
        return with({{.layer = "python", .components = {numpy(std::move(major), "0")}},
                     {.layer = "native", .components = {{.key = "numpy", .kind = "native", .path = {{"value", std::move(edges)}}}}}});
    };

    const auto moved = diff(side("1", "x"), side("2", "y"));
    const auto alone = diff(side("1", "x"), side("1", "y"));

    CHECK(moved.findings.at(1).severity == Severity::info);
    CHECK(moved.findings.at(1).points == 250'000);
    CHECK(alone.findings.at(0).severity == Severity::low);
}

TEST_CASE("the stronger verdict wins by the order of the contract") {
    CHECK(stronger(Exit::drift, Exit::untrusted) == Exit::untrusted);
    CHECK(stronger(Exit::unavailable, Exit::drift) == Exit::unavailable);
    CHECK(stronger(Exit::inconclusive, Exit::drift) == Exit::drift);
    CHECK(stronger(Exit::error, Exit::untrusted) == Exit::error);
    CHECK(stronger(Exit::clean, Exit::inconclusive) == Exit::inconclusive);
}

TEST_CASE("a lock file that changed since the capture is a finding, and what is no lock is not") {
    auto before = python({}), after = python({});
    before.subjects = {{"Pipfile.lock", "11"}, {"flake.nix", "22"}, {"pdm.lock", "33"}, {"uv.lock", "4444444444444444"}};
    after.subjects = {{"flake.nix", "99"}, {"pdm.lock", "33"}, {"poetry.lock", "55"}, {"uv.lock", "6666666666666666"}};
    const auto report = [&](const Manifest& b, const Manifest& a) {
        return compare({.before = b, .after = a, .policy = {}, .after_live = true, .lock_files = {"Pipfile.lock", "pdm.lock", "poetry.lock", "uv.lock"}});
    };

    const auto changed = report(before, after);
    const auto unsaid = report(before, python({}));

    REQUIRE(changed.findings.size() == 3);
    std::vector<std::string> shown;
    for (const auto& f : changed.findings) shown.push_back(f.rule + " " + f.component + " " + f.direction + " " + f.before_text + " " + f.after_text);
    CHECK(shown == std::vector<std::string>{"PY046 Pipfile.lock removed sha256:11 ", "PY046 poetry.lock added  sha256:55", "PY046 uv.lock changed sha256:444444444444 sha256:666666666666"});
    CHECK(changed.points == 0);
    CHECK(changed.exit == Exit::drift);
    CHECK(unsaid.findings.empty());
}

TEST_CASE("a finding about a distribution says what the lock says of both sides") {
    auto old_one = numpy("1", "26"), new_one = numpy("2", "0");
    old_one.facts["lock"] = std::vector<std::string>{"uv.lock: same"};
    new_one.facts["lock"] = std::vector<std::string>{"uv.lock: differs, locked 1.26"};

    const auto report = diff(python({old_one}), python({new_one}));

    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].details == std::vector<std::string>{"lock ↔ manifest: uv.lock: same", "lock ↔ environment: uv.lock: differs, locked 1.26"});
}
