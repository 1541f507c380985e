#include <envlock/codec/manifest_codec.hpp>

#include "support/catch.hpp"

#include <random>

using namespace envlock;

namespace {

std::string any_text(std::mt19937& random) {
    static const std::vector<std::string> pieces{"a", "numpy", "é", "\n", "\"", "\\", "\x01", "=", "\xff", "\xe2\x80\xae", "/", " ", "{", "]", std::string(1, '\0')};
    std::string out;
    for (auto left = random() % 5; left > 0; --left) out += pieces[random() % pieces.size()];
    return out;
}

Fact any_fact(std::mt19937& random) {
    switch (random() % 4) {
        case 0: return random() % 2 == 0;
        case 1: return INT64_MIN + static_cast<std::int64_t>(random());
        case 2: return any_text(random);
        default: return std::vector<std::string>{any_text(random), any_text(random)};
    }
}

Component any_component(std::mt19937& random) {
    Component c;
    c.key = "k" + any_text(random);
    c.kind = any_text(random);
    c.version = any_text(random);
    for (auto left = random() % 4; left > 0; --left) c.path.push_back({"value", any_text(random)});
    for (auto left = random() % 3; left > 0; --left) c.digests[any_text(random)] = any_text(random);
    c.evidence = static_cast<Evidence>(random() % 10);
    if (random() % 2 == 0) c.artifact = Artifact{.filename = any_text(random), .size = static_cast<std::int64_t>(random()) - 1};
    if (random() % 2 == 0) c.files = FileIntegrity{.digest = any_text(random), .ok = static_cast<std::int64_t>(random())};
    for (auto left = random() % 4; left > 0; --left) c.facts[random() % 8 == 0 ? "version" : any_text(random)] = any_fact(random);
    c.unknown = random() % 5 == 0;
    return c;
}

Manifest any_manifest(std::mt19937& random) {
    Manifest out;
    out.project = any_text(random);
    out.captured_at = "2026-01-31T12:00:00Z";
    for (const auto* id : {"nix", "python"}) {
        LayerSnapshot layer{.layer = id};
        for (auto left = random() % 6; left > 0; --left) layer.components.push_back(any_component(random));
        for (auto left = random() % 3; left > 0; --left) layer.notes.push_back({any_text(random), any_text(random), any_text(random), any_text(random)});
        out.layers.push_back(std::move(layer));
    }
    return out;
}

}  // namespace

TEST_CASE("any manifest, whatever its text, decodes and encodes to the same bytes again") {
    std::mt19937 random(20260131);
    for (int round = 0; round < 400; ++round) {
        const auto bytes = encode_manifest(any_manifest(random));

        const auto again = decode_manifest(bytes, "envlock.lock");

        INFO(bytes);
        REQUIRE(again);
        REQUIRE(encode_manifest(*again) == bytes);
        REQUIRE(component_lines(bytes).size() == again->layers[0].components.size() + again->layers[1].components.size());
    }
}
