#pragma once

#include <envlock/model/manifest.hpp>

namespace envlock::test {

// A manifest with every kind of member in it.
inline Manifest sample_manifest() {
    Component numpy{.key = "numpy", .kind = "distribution", .version = "1.26.4"};
    numpy.path = {{"epoch", "0"}, {"major", "1"}, {"minor", "26"}, {"micro", "4"}, {"pre", ""}, {"local", ""}, {"source", "index"}};
    numpy.digests["record"] = "sha256:" + std::string(64, 'a');
    numpy.evidence = Evidence::consistent;
    numpy.artifact = Artifact{.filename = "numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl", .sha256 = std::string(64, 'b'), .size = 18'252'005,
                              .upload_time = "2024-02-05T23:00:00Z", .index = "https://index.example/simple/", .url = "https://index.example/f/numpy.whl"};
    numpy.files = FileIntegrity{.digest = "sha256:" + std::string(64, 'c'), .ok = 873, .modified = 1, .bytes = 60'000'000};
    numpy.facts = {{"installer", std::string("pip")}, {"requested", true}, {"objects", std::int64_t{19}}, {"requires", std::vector<std::string>{"a", "b"}}};
    Component driver{.key = "driver", .kind = "driver"};
    driver.unknown = true;
    Manifest out;
    out.subjects = {{"flake.lock", std::string(64, 'd')}};
    out.project = "demo";
    out.sequence = 3;
    out.previous = "sha256:" + std::string(64, 'e');
    out.captured_at = "2026-01-31T12:00:00Z";
    out.tool_version = "0.1.0";
    out.level = "cached";
    out.layers = {{.layer = "python", .presence = Presence::present, .components = {numpy}, .notes = {{"PY010", "numpy", "numpy/x.py", "changed"}}},
                  {.layer = "cuda", .presence = Presence::unobservable, .components = {driver}, .notes = {}}};
    out.divergence = {.points = 250'000, .score = 124, .components = {{"numpy", "1.26.3", "1.26.4", "differs", "micro", 250'000, "shell"}},
                      .distributions = {0, 1}, .files = {0, 874}, .bytes = {0, 60'000'000}, .method = "shell"};
    out.notes = {{"", "", "requirements.txt", "cannot be read"}};
    return out;
}

}  // namespace envlock::test
