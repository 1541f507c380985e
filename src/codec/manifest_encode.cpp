#include <envlock/codec/manifest_codec.hpp>

#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>

#include "members.hpp"

#include <algorithm>

namespace envlock {
namespace {

using json::Array;
using json::Object;
using json::Style;
using json::Value;

constexpr std::int64_t k_most = (std::int64_t{1} << 53) - 1;

void clean(std::string& text) {
    if (!is_valid_utf8(text)) text = to_utf8(text);
}
void clean(std::int64_t& number) { number = std::clamp(number, -k_most, k_most); }

void clean(Fact& fact) {
    if (auto* text = std::get_if<std::string>(&fact)) clean(*text);
    else if (auto* number = std::get_if<std::int64_t>(&fact)) clean(*number);
    else if (auto* list = std::get_if<std::vector<std::string>>(&fact)) std::ranges::for_each(*list, [](std::string& each) { clean(each); });
}

// A fact must not take the place of a member with a meaning.
std::string fact_name(std::string name) {
    clean(name);
    const bool taken = name == codec::k_unknown_member || std::ranges::find(codec::k_component_members, name) != codec::k_component_members.end();
    return taken ? name + "Fact" : name;
}

// Digests are computed over the text as it is written; otherwise the reader could not repeat them.
void clean(Component& c) {
    for (auto* text : {&c.key, &c.kind, &c.version}) clean(*text);
    for (auto& [level, value] : c.path) {
        clean(level);
        clean(value);
    }
    std::map<std::string, std::string> digests;
    for (const auto& [name, digest] : c.digests) {
        std::string own_name = name, own_digest = digest;
        clean(own_name);
        clean(own_digest);
        digests.emplace(std::move(own_name), std::move(own_digest));
    }
    c.digests = std::move(digests);
    std::map<std::string, Fact> facts;
    for (auto& [name, fact] : c.facts) {
        clean(fact);
        facts.emplace(fact_name(name), std::move(fact));
    }
    c.facts = std::move(facts);
    if (c.files) clean(c.files->digest);
}

void clean(Note& note) {
    for (auto* text : {&note.rule, &note.component, &note.subject, &note.detail}) clean(*text);
}

void put(Object& object, std::string_view name, std::string_view text) {
    if (!text.empty()) object.emplace_back(std::string(name), Value(text));
}
void put_count(Object& object, std::string_view name, std::int64_t number, bool always = false) {
    clean(number);
    if (always || number != 0) object.emplace_back(std::string(name), Value(number));
}
void put_value(Object& object, std::string_view name, Value value) { object.emplace_back(std::string(name), std::move(value)); }

Value of(const Artifact& artifact) {
    Object out;
    put(out, "filename", artifact.filename);
    put(out, "sha256", artifact.sha256);
    if (artifact.size >= 0) put_count(out, "size", artifact.size, true);
    put(out, "uploadTime", artifact.upload_time);
    put(out, "index", artifact.index);
    put(out, "url", artifact.url);
    put_count(out, "candidates", artifact.candidates);
    return out;
}

Value of(const FileIntegrity& files) {
    Object out;
    put(out, "digest", files.digest);
    put_count(out, "ok", files.ok, true);
    put_count(out, "modified", files.modified, true);
    put_count(out, "missing", files.missing, true);
    put_count(out, "unhashed", files.unhashed);
    put_count(out, "unreadable", files.unreadable);
    put_count(out, "escape", files.escape);
    put_count(out, "malformed", files.malformed);
    put_count(out, "duplicate", files.duplicate);
    put_count(out, "unsupported", files.unsupported);
    put_count(out, "bytes", files.bytes);
    return out;
}

Value of(const Fact& fact) {
    if (const auto* flag = std::get_if<bool>(&fact)) return *flag;
    if (const auto* number = std::get_if<std::int64_t>(&fact)) return *number;
    if (const auto* text = std::get_if<std::string>(&fact)) return *text;
    Array out;
    for (const auto& item : std::get<std::vector<std::string>>(fact)) out.emplace_back(item);
    return out;
}

Value of(const Component& c) {
    Object out;
    put(out, "key", c.key);
    put(out, "kind", c.kind);
    put(out, "version", c.version);
    if (!c.path.empty()) {
        Array path;
        for (const auto& [level, value] : c.path) path.emplace_back(level + "=" + value);
        put_value(out, "path", std::move(path));
    }
    if (!c.digests.empty()) {
        Object digests;
        for (const auto& [name, digest] : c.digests) put_value(digests, name, digest);
        put_value(out, "digests", std::move(digests));
    }
    put(out, "digest", component_digest(c));
    if (c.artifact) put_value(out, "artifact", of(*c.artifact));
    if (c.evidence != Evidence::none) put(out, "evidence", to_string(c.evidence));
    if (c.files) put_value(out, "files", of(*c.files));
    if (c.unknown) put_value(out, codec::k_unknown_member, true);
    for (const auto& [name, fact] : c.facts) put_value(out, name, of(fact));
    return out;
}

Value of(const Note& note) {
    Object out;
    put(out, "rule", note.rule);
    put(out, "component", note.component);
    put(out, "subject", note.subject);
    put(out, "detail", note.detail);
    return out;
}

Value of(const DivergenceRow& row) {
    Object out;
    put(out, "key", row.key);
    put(out, "base", row.base);
    put(out, "playground", row.playground);
    put(out, "state", row.state);
    put(out, "level", row.level);
    put_count(out, "points", row.points, true);
    put(out, "source", row.source);
    return out;
}

Value of(const Share& share) {
    Object out;
    put_count(out, "covered", share.covered, true);
    put_count(out, "total", share.total, true);
    return out;
}

Value of(const Subject& subject) { return Object{{"name", subject.name}, {"digest", Object{{"sha256", subject.sha256}}}}; }

Value of(const LayerSnapshot& layer);  // it holds lists itself

template <class T>
Value list_of(const std::vector<T>& items) {
    Array out;
    out.reserve(items.size());
    for (const auto& item : items) out.push_back(of(item));
    return out;
}

Value of(const Divergence& divergence) {
    Object out;
    put_count(out, "points", divergence.points, true);
    put_count(out, "score", divergence.score, true);
    put(out, "method", divergence.method);
    put_value(out, "components", list_of(divergence.components));
    put_value(out, "distributions", of(divergence.distributions));
    put_value(out, "files", of(divergence.files));
    put_value(out, "bytes", of(divergence.bytes));
    return out;
}

Value of(const LayerSnapshot& layer) {
    Object out;
    put(out, "id", layer.layer);
    put(out, "presence", to_string(layer.presence));
    put(out, "digest", layer_digest(layer));
    put_value(out, "components", list_of(layer.components));
    put_value(out, "notes", list_of(layer.notes));
    return out;
}

LayerSnapshot cleaned(LayerSnapshot layer) {
    clean(layer.layer);
    std::ranges::for_each(layer.components, [](auto& component) { clean(component); });
    std::ranges::for_each(layer.notes, [](auto& note) { clean(note); });
    freeze(layer);
    return layer;
}

Value of(const Manifest& manifest) {
    std::vector<LayerSnapshot> layers;
    layers.reserve(manifest.layers.size());
    for (const auto& layer : manifest.layers) layers.push_back(cleaned(layer));

    Object predicate;
    put_value(predicate, "project", manifest.project);
    put_value(predicate, "profile", manifest.profile);
    put_count(predicate, "sequence", manifest.sequence, true);
    put(predicate, "previous", manifest.previous);
    put_value(predicate, "capturedAt", manifest.captured_at);
    put_value(predicate, "tool", Object{{"name", "envlock"}, {"version", manifest.tool_version}});
    put(predicate, "level", manifest.level);
    put_value(predicate, "environment", Object{{"digest", environment_digest(layers)}, {"layers", list_of(layers)}});
    put_value(predicate, "divergence", of(manifest.divergence));
    put_value(predicate, "notes", list_of(manifest.notes));
    return Object{{"_type", std::string(k_statement_type)},
                  {"subject", list_of(manifest.subjects)},
                  {"predicateType", std::string(k_manifest_type)},
                  {"predicate", std::move(predicate)}};
}

// Pretty, but the items of these lists stay on one line each: one changed component is one
// changed line in git, and a report can point at it.
bool one_line_items(std::string_view member) { return member == "components" || member == "notes" || member == "subject"; }

void lay_out(std::string& out, const Value& value, std::size_t depth, bool compact_items);

void break_line(std::string& out, std::size_t depth) { out.append("\n").append(depth * 2, ' '); }

void lay_out(std::string& out, const Array& items, std::size_t depth, bool compact_items) {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += ',';
        break_line(out, depth + 1);
        if (compact_items) out += json::write(items[i], Style::compact);
        else lay_out(out, items[i], depth + 1, false);
    }
    if (!items.empty()) break_line(out, depth);
    out += ']';
}

void lay_out(std::string& out, Object members, std::size_t depth) {
    std::ranges::sort(members, {}, &std::pair<std::string, Value>::first);
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i > 0) out += ',';
        break_line(out, depth + 1);
        out += json::quote(members[i].first) + ": ";
        lay_out(out, members[i].second, depth + 1, one_line_items(members[i].first));
    }
    if (!members.empty()) break_line(out, depth);
    out += '}';
}

void lay_out(std::string& out, const Value& value, std::size_t depth, bool compact_items) {
    if (const auto* items = value.array()) lay_out(out, *items, depth, compact_items);
    else if (const auto* members = value.object()) lay_out(out, *members, depth);
    else out += json::write(value, Style::compact);
}

}  // namespace

std::string encode_manifest(const Manifest& manifest) {
    std::string out;
    lay_out(out, of(manifest), 0, false);
    out += '\n';
    return out;
}

}  // namespace envlock
