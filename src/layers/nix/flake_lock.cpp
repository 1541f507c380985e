#include "layers/nix/flake_lock.hpp"

#include "layers/nix/input_graph.hpp"
#include "layers/nix/store_path.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock::nix {
namespace {

constexpr std::size_t k_largest_file = 16U << 20U;
constexpr std::size_t k_most_problems = 1000;

// `locked` of a node. Version 5 kept the hash and the date in `info`, which lies over it.
json::Value merged_locked(const json::Value& node) {
    const auto* locked = node.find("locked");
    json::Value out = locked != nullptr ? *locked : json::Value();
    const auto* info = node.find("info");
    if (info == nullptr || info->object() == nullptr) return out;
    for (const auto& [key, value] : *info->object()) out.set(key, value);
    return out;
}

// Attributes are strings, booleans and natural numbers; "" or what is wrong.
std::string check_attributes(const json::Value& attributes, std::string_view what) {
    for (const auto& [key, value] : *attributes.object()) {
        const auto* number = value.integer();
        if (value.string() != nullptr || value.boolean() != nullptr || (number != nullptr && *number >= 0)) continue;
        return "attribute '" + key + "' of '" + std::string(what) + "' has an unsupported type";
    }
    for (const auto* key : {"type", "owner", "repo", "url", "path", "ref", "rev", "narHash", "host", "dir", "name", "id"}) {
        const auto* value = attributes.find(key);
        if (value != nullptr && value->string() == nullptr) return "attribute '" + std::string(key) + "' of '" + std::string(what) + "' is not a string";
    }
    const auto* modified = attributes.find("lastModified");
    if (modified != nullptr && modified->integer() == nullptr) return "attribute 'lastModified' of '" + std::string(what) + "' is not a number";
    return "";
}

bool is_dirty(const json::Value& locked, std::string_view rev) {
    return locked.find("dirtyRev") != nullptr || locked.find("dirtyShortRev") != nullptr || rev.ends_with("-dirty");
}

Pin pin_of(const FlakeInput& input) {
    if (is_dirty(input.locked, input.rev)) return Pin::dirty;
    if (!input.nar_digest.empty()) return Pin::content;
    if (input.type == "path" && !input.path_attribute.starts_with('/')) return Pin::path_local;
    if (!input.rev.empty() && input.rev.find_first_not_of('0') != std::string::npos) return Pin::rev;
    return Pin::mutable_;
}

void read_locked(FlakeInput& input) {
    const auto text = [&](std::string_view key) { return std::string(input.locked.text(key)); };
    input.type = text("type");
    input.owner = text("owner");
    input.repo = text("repo");
    input.url = text("url");
    input.path_attribute = text("path");
    input.ref = text("ref");
    input.rev = text("rev");
    input.nar_hash = text("narHash");
    input.host = text("host");
    input.dir = text("dir");
    input.name = text("name");
    const auto* modified = input.locked.find("lastModified");
    if (modified != nullptr && modified->integer() != nullptr) input.last_modified = *modified->integer();
}

// Fills `input` from its node; returns what is wrong with it, or "".
std::string read_node(FlakeInput& input, const json::Value& node) {
    if (const auto* flake = node.find("flake"); flake != nullptr) {
        if (flake->boolean() == nullptr) return "'flake' is not a boolean";
        input.flake = *flake->boolean();
    }
    if (const auto* original = node.find("original"); original != nullptr) input.original = *original;
    input.locked = merged_locked(node);
    if (input.locked.is_null()) return "attribute 'locked' is missing";
    if (input.locked.object() == nullptr) return "'locked' is not an object";
    if (auto wrong = check_attributes(input.locked, "locked"); !wrong.empty()) return wrong;
    read_locked(input);
    if (input.type.empty()) return "attribute 'type' of 'locked' is missing";
    std::string problem;
    if (input.original.object() == nullptr) problem = "attribute 'original' is missing";
    else if (auto wrong = check_attributes(input.original, "original"); !wrong.empty()) problem = wrong;
    else input.original_ref = std::string(input.original.text("ref"));
    if (const auto* hash = input.locked.find("narHash"); hash != nullptr) {
        const auto raw = parse_nar_hash(input.nar_hash);
        if (!raw) return "narHash is not a SHA-256 hash in SRI form";
        input.nar_digest = "sha256:" + to_hex(*raw);
        if (!input.nar_hash.ends_with('=')) input.nar_hash += '=';
    }
    input.pin = pin_of(input);
    return problem;
}

FlakeInput read_visit(const Visit& visit, std::vector<LockProblem>& problems) {
    FlakeInput input{.path = visit.path, .node = visit.edge->label};
    auto problem = visit.problem;
    if (visit.edge->is_follows) {
        input.follows = join_input_path(visit.edge->follows);
        input.pin = Pin::content;  // as strong as what it follows, which is graded itself
    }
    if (!problem.empty()) input.broken = problem;
    else if (visit.node != nullptr) {
        problem = read_node(input, *visit.node->json);
        // A missing `original` says nothing about what is locked.
        if (!problem.empty() && input.nar_digest.empty() && input.rev.empty()) input.broken = problem;
        if (problem.starts_with("narHash")) input.broken = problem;
    }
    if (!problem.empty() && problems.size() < k_most_problems) problems.push_back({input.path, problem});
    return input;
}

Result<std::int64_t> read_version(const json::Value& document, std::string_view subject) {
    const auto* version = document.find("version");
    if (version == nullptr) return fail(ErrorCode::lock_malformed, std::string(subject), "\"version\" is missing");
    if (version->integer() == nullptr) return fail(ErrorCode::lock_malformed, std::string(subject), "\"version\" is not a whole number");
    if (*version->integer() < 5 || *version->integer() > 7)
        return fail(ErrorCode::lock_unsupported, std::string(subject), "version " + std::to_string(*version->integer()) + "; known are 5, 6 and 7");
    return *version->integer();
}

}  // namespace

std::string_view to_string(Pin pin) {
    switch (pin) {
        case Pin::content: return "content";
        case Pin::path_local: return "path-local";
        case Pin::rev: return "rev";
        case Pin::dirty: return "dirty";
        case Pin::mutable_: return "mutable";
    }
    return "mutable";
}

std::size_t conflict_marker_line(std::string_view text) {
    std::size_t line = 0;
    for (const auto row : split_lines(text)) {
        ++line;
        for (const std::string_view marker : {"<<<<<<<", ">>>>>>>", "|||||||"}) {
            if (row.starts_with(marker) && (row.size() == marker.size() || row[marker.size()] == ' ')) return line;
        }
    }
    return 0;
}

Result<FlakeLock> parse_flake_lock(std::string_view text, std::string_view subject) {
    if (text.size() > k_largest_file) return fail(ErrorCode::lock_malformed, std::string(subject), "larger than 16 MiB");
    if (const auto line = conflict_marker_line(text); line != 0)
        return fail(ErrorCode::lock_malformed, std::string(subject), "merge conflict marker in line " + std::to_string(line));
    const auto document = json::parse(text, {.bytes = k_largest_file}, subject);
    if (!document) return fail(ErrorCode::lock_malformed, std::string(subject), document.error().detail);
    if (document->object() == nullptr) return fail(ErrorCode::lock_malformed, std::string(subject), "not a JSON object");

    FlakeLock lock;
    lock.version = ENVLOCK_TRY(read_version(*document, subject));
    const auto* root = document->find("root");
    const auto* nodes = document->find("nodes");
    if (root == nullptr || root->string() == nullptr) return fail(ErrorCode::lock_malformed, std::string(subject), "\"root\" is not the name of a node");
    if (nodes == nullptr) return fail(ErrorCode::lock_malformed, std::string(subject), "\"nodes\" is missing");

    InputGraph graph;
    std::vector<Visit> visits;
    if (auto wrong = graph.load(*nodes, *root->string()); !wrong.empty()) return fail(ErrorCode::lock_malformed, std::string(subject), wrong);
    if (auto wrong = graph.walk(visits); !wrong.empty()) return fail(ErrorCode::lock_malformed, std::string(subject), wrong);
    for (const auto& visit : visits) lock.inputs.push_back(read_visit(visit, lock.problems));
    std::ranges::sort(lock.inputs, {}, &FlakeInput::path);
    return lock;
}

}  // namespace envlock::nix
