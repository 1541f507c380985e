#pragma once

#include <envlock/model/drift.hpp>

namespace envlock::test {

inline Report sample_report() {
    Report r;
    r.exit = Exit::drift;
    r.complete = false;
    r.policy_digest = "sha256:00aa";
    r.before_name = "envlock.lock";
    r.after_name = "live";
    r.before_digest = "sha256:11";
    r.after_digest = "sha256:22";
    r.trust = "unsigned";
    r.points = 3'400'000;
    r.score = 1564;
    r.score_high = 3100;
    r.layers = {{.id = "nix", .identical = 2, .total = 2},
                {.id = "python", .points = 3'400'000, .score = 1564, .equal = false, .added = 1, .removed = 1, .changed = 2, .identical = 187, .total = 191},
                {.id = "cuda", .equal = false, .unknown = 1, .total = 1}};
    Finding bytes{.rule = "PY106", .title = "same version, different bytes", .severity = Severity::critical, .layer = "python", .component = "torch", .before_text = "2.3.0", .after_text = "2.3.0",
                  .level = "content", .direction = "changed", .points = 200'000, .share = 589, .details = {"PY010 torch/nn/init.py: differs"}, .affected = {"lightning", "app"},
                  .location = {"envlock.lock", 210}, .fix = "`envlock restore`"};
    Finding removed{.rule = "PY101", .title = "distribution removed", .severity = Severity::medium, .layer = "python", .component = "scipy", .before_text = "1.13.0", .level = "absent",
                    .direction = "removed", .points = 1'000'000, .share = 2941, .location = {"envlock.lock", 190}, .fix = "`pip install scipy==1.13.0`, or `envlock restore`"};
    Finding major{.rule = "PY102", .title = "major version changed", .severity = Severity::medium, .layer = "python", .component = "numpy", .before_text = "1.26.4", .after_text = "2.1.0",
                  .level = "major", .direction = "up", .points = 1'200'000, .share = 3529, .location = {"envlock.lock", 87}, .fix = "`pip install numpy==1.26.4`"};
    Finding added{.rule = "PY100", .title = "distribution added", .severity = Severity::low, .layer = "python", .component = "rich", .after_text = "13.7.1", .level = "absent", .direction = "added",
                  .points = 1'000'000, .share = 2941, .location = {"envlock.lock", 0}, .suppressed_by = "rich-ok"};
    r.findings = {bytes, removed, major, added};
    r.divergence.method = "store";
    r.divergence.points = 1'500'000;
    r.divergence.score = 723;
    r.divergence.components = {{.key = "numpy", .base = "1.26.4", .playground = "2.1.0", .state = "differs", .level = "major", .points = 1'500'000, .source = "store"}};
    r.divergence.distributions = {.covered = 40, .total = 190};
    r.unobserved = {{.layer = "cuda", .component = "driver", .why = "could not be observed in live", .weight = 4'000'000}};
    r.warnings = {"POL002 ignore entry matched nothing: old"};
    r.gate = "severity >= low";
    return r;
}

// Everything a package could put into its name, version or metadata to fool a reader.
inline constexpr const char* k_hostile = "\x1b[2J\x1b]0;owned\x07</script><script>alert(1)</script>|pipe|\n::error::x\r\xe2\x80\xae" "evil\xff<!-- `b` [l](x) -->";

inline Report hostile_report() {
    auto r = sample_report();
    for (auto* text : {&r.before_name, &r.after_name, &r.trust, &r.policy_digest, &r.gate, &r.before_digest, &r.metric}) *text = k_hostile;
    for (auto& f : r.findings) {
        for (auto* text : {&f.rule, &f.title, &f.layer, &f.component, &f.before_text, &f.after_text, &f.fix, &f.location.file}) *text = k_hostile;
        f.details = {k_hostile};
        f.affected = {k_hostile};
    }
    r.findings.back().suppressed_by = k_hostile;
    for (auto& l : r.layers) l.id = k_hostile;
    r.unobserved[0] = {.layer = k_hostile, .component = k_hostile, .why = k_hostile, .weight = 1};
    r.warnings = {k_hostile};
    return r;
}

}  // namespace envlock::test
