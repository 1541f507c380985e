#include <envlock/codec/manifest_codec.hpp>

#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>

#include "members.hpp"

#include <algorithm>
#include <set>

namespace envlock {
namespace {

using json::Array;
using json::Object;
using json::Value;

// Facts about one object of the document, with the place in words for the error.
struct Place {
    const Value& value;
    std::string where;
};

tl::unexpected<Error> malformed(const std::string& where, std::string_view what) {
    return fail(ErrorCode::manifest_malformed, "", where + ": " + escape_controls(what));
}

Result<std::string> text_of(const Place& place, std::string_view name, bool required = false) {
    const auto* member = place.value.find(name);
    if (member == nullptr) {
        if (required) return malformed(place.where, "no \"" + std::string(name) + "\"");
        return std::string();
    }
    if (const auto* text = member->string()) return *text;
    return malformed(place.where, "\"" + std::string(name) + "\" is not a string");
}

Result<std::int64_t> number_of(const Place& place, std::string_view name, std::int64_t absent, std::int64_t least = 0) {
    const auto* member = place.value.find(name);
    if (member == nullptr) return absent;
    const auto* number = member->integer();
    if (number == nullptr) return malformed(place.where, "\"" + std::string(name) + "\" is not an integer");
    if (*number < least) return malformed(place.where, "\"" + std::string(name) + "\" is " + std::to_string(*number));
    return *number;
}

Result<const Array*> list_in(const Place& place, std::string_view name, bool required) {
    static const Array none;
    const auto* member = place.value.find(name);
    if (member == nullptr && !required) return &none;
    if (member == nullptr || member->array() == nullptr) return malformed(place.where, "\"" + std::string(name) + "\" is not a list");
    return member->array();
}

Result<Place> object_in(const Place& place, std::string_view name) {
    const auto* member = place.value.find(name);
    if (member == nullptr || member->object() == nullptr) return malformed(place.where, "\"" + std::string(name) + "\" is not an object");
    return Place{*member, place.where + "." + std::string(name)};
}

bool is_hex64(std::string_view text) {
    return text.size() == 64 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}
bool is_digest(std::string_view text) { return text.starts_with("sha256:") && is_hex64(text.substr(7)); }

Result<PathLevel> level_of(const Value& value, const std::string& where) {
    const auto* text = value.string();
    if (text == nullptr) return malformed(where, "a path level is not a string");
    const auto equals = text->find('=');
    const auto name = std::string_view(*text).substr(0, equals == std::string::npos ? 0 : equals);
    const bool word = !name.empty() && std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!word) return malformed(where, "path level \"" + *text + "\" is not of the form level=value");
    return PathLevel{std::string(name), text->substr(equals + 1)};
}

Result<Artifact> artifact_of(const Place& place) {
    Artifact out;
    out.filename = ENVLOCK_TRY(text_of(place, "filename"));
    out.sha256 = ENVLOCK_TRY(text_of(place, "sha256"));
    out.size = ENVLOCK_TRY(number_of(place, "size", -1));
    out.upload_time = ENVLOCK_TRY(text_of(place, "uploadTime"));
    out.index = ENVLOCK_TRY(text_of(place, "index"));
    out.url = ENVLOCK_TRY(text_of(place, "url"));
    out.candidates = ENVLOCK_TRY(number_of(place, "candidates", 0));
    if (!out.sha256.empty() && !is_hex64(out.sha256)) return malformed(place.where, "\"sha256\" is not 64 hexadecimal digits");
    return out;
}

Result<FileIntegrity> files_of(const Place& place) {
    FileIntegrity out;
    out.digest = ENVLOCK_TRY(text_of(place, "digest"));
    out.ok = ENVLOCK_TRY(number_of(place, "ok", 0));
    out.modified = ENVLOCK_TRY(number_of(place, "modified", 0));
    out.missing = ENVLOCK_TRY(number_of(place, "missing", 0));
    out.unhashed = ENVLOCK_TRY(number_of(place, "unhashed", 0));
    out.unreadable = ENVLOCK_TRY(number_of(place, "unreadable", 0));
    out.escape = ENVLOCK_TRY(number_of(place, "escape", 0));
    out.malformed = ENVLOCK_TRY(number_of(place, "malformed", 0));
    out.duplicate = ENVLOCK_TRY(number_of(place, "duplicate", 0));
    out.unsupported = ENVLOCK_TRY(number_of(place, "unsupported", 0));
    out.bytes = ENVLOCK_TRY(number_of(place, "bytes", 0));
    return out;
}

// A member without a meaning here: a fact, or something of a later version, which is skipped.
std::optional<Fact> fact_of(const Value& value) {
    if (const auto* flag = value.boolean()) return *flag;
    if (const auto* number = value.integer()) return *number;
    if (const auto* text = value.string()) return *text;
    const auto* items = value.array();
    if (items == nullptr) return std::nullopt;
    std::vector<std::string> out;
    for (const auto& item : *items) {
        if (item.string() == nullptr) return std::nullopt;
        out.push_back(*item.string());
    }
    return out;
}

Result<void> read_digests(Component& out, const Place& place) {
    if (place.value.find("digests") == nullptr) return {};
    const auto digests = ENVLOCK_TRY(object_in(place, "digests"));
    for (const auto& [name, digest] : *digests.value.object()) {
        if (digest.string() == nullptr) return malformed(digests.where, "\"" + name + "\" is not a string");
        out.digests.emplace(name, *digest.string());
    }
    return {};
}

Result<void> read_provenance(Component& out, const Place& place) {
    const auto evidence = ENVLOCK_TRY(text_of(place, "evidence"));
    if (!evidence.empty()) {
        const auto known = evidence_from(evidence);
        if (!known) return malformed(place.where, "evidence \"" + evidence + "\" is not known to this envlock");
        out.evidence = *known;
    }
    if (place.value.find("artifact") != nullptr) out.artifact = ENVLOCK_TRY(artifact_of(ENVLOCK_TRY(object_in(place, "artifact"))));
    if (place.value.find("files") != nullptr) out.files = ENVLOCK_TRY(files_of(ENVLOCK_TRY(object_in(place, "files"))));
    if (const auto* unknown = place.value.find(codec::k_unknown_member)) {
        if (unknown->boolean() == nullptr) return malformed(place.where, "\"unknown\" is not true or false");
        out.unknown = *unknown->boolean();
    }
    for (const auto& [name, value] : *place.value.object()) {
        const bool fixed = name == codec::k_unknown_member || std::ranges::find(codec::k_component_members, name) != codec::k_component_members.end();
        if (fixed) continue;
        if (auto fact = fact_of(value)) out.facts.emplace(name, std::move(*fact));
    }
    return {};
}

Result<Component> component_of(const Place& place) {
    if (place.value.object() == nullptr) return malformed(place.where, "is not an object");
    Component out;
    out.key = ENVLOCK_TRY(text_of(place, "key", true));
    if (out.key.empty()) return malformed(place.where, "\"key\" is empty");
    const Place named{place.value, place.where + " (" + escape_controls(out.key) + ")"};
    out.kind = ENVLOCK_TRY(text_of(named, "kind"));
    out.version = ENVLOCK_TRY(text_of(named, "version"));
    for (const auto& level : *ENVLOCK_TRY(list_in(named, "path", false))) out.path.push_back(ENVLOCK_TRY(level_of(level, named.where)));
    ENVLOCK_CHECK(read_digests(out, named));
    ENVLOCK_CHECK(read_provenance(out, named));
    const auto digest = ENVLOCK_TRY(text_of(named, "digest", true));
    if (digest != component_digest(out)) return malformed(named.where, "its digest does not fit its content: it was edited by hand or damaged");
    return out;
}

Result<Note> note_of(const Place& place) {
    if (place.value.object() == nullptr) return malformed(place.where, "is not an object");
    Note out;
    out.rule = ENVLOCK_TRY(text_of(place, "rule"));
    out.component = ENVLOCK_TRY(text_of(place, "component"));
    out.subject = ENVLOCK_TRY(text_of(place, "subject"));
    out.detail = ENVLOCK_TRY(text_of(place, "detail"));
    return out;
}

Result<DivergenceRow> row_of(const Place& place) {
    if (place.value.object() == nullptr) return malformed(place.where, "is not an object");
    DivergenceRow out;
    out.key = ENVLOCK_TRY(text_of(place, "key", true));
    out.base = ENVLOCK_TRY(text_of(place, "base"));
    out.playground = ENVLOCK_TRY(text_of(place, "playground"));
    out.state = ENVLOCK_TRY(text_of(place, "state"));
    out.level = ENVLOCK_TRY(text_of(place, "level"));
    out.points = ENVLOCK_TRY(number_of(place, "points", 0));
    out.source = ENVLOCK_TRY(text_of(place, "source"));
    return out;
}

template <class T>
Result<std::vector<T>> each(const Place& place, std::string_view name, Result<T> (*read)(const Place&), bool required = true) {
    std::vector<T> out;
    for (const auto& item : *ENVLOCK_TRY(list_in(place, name, required)))
        out.push_back(ENVLOCK_TRY(read({item, place.where + "." + std::string(name) + "[" + std::to_string(out.size()) + "]"})));
    return out;
}

Result<LayerSnapshot> layer_of(const Place& place) {
    if (place.value.object() == nullptr) return malformed(place.where, "is not an object");
    LayerSnapshot out;
    out.layer = ENVLOCK_TRY(text_of(place, "id", true));
    const Place named{place.value, "layer " + escape_controls(out.layer)};
    const auto presence = presence_from(ENVLOCK_TRY(text_of(named, "presence", true)));
    if (!presence) return malformed(named.where, "\"presence\" is none of present, absent, unobservable");
    out.presence = *presence;
    out.components = ENVLOCK_TRY(each(named, "components", component_of));
    out.notes = ENVLOCK_TRY(each(named, "notes", note_of, false));
    for (std::size_t i = 1; i < out.components.size(); ++i) {
        const auto& key = out.components[i].key;
        if (key <= out.components[i - 1].key) return malformed(named.where, "component \"" + key + "\" is there twice or out of order");
    }
    if (ENVLOCK_TRY(text_of(named, "digest", true)) != layer_digest(out))
        return malformed(named.where, "its digest does not fit its components: a component was added, removed or changed by hand");
    return out;
}

Result<Share> share_of(const Place& divergence, std::string_view name) {
    if (divergence.value.find(name) == nullptr) return Share{};
    const auto place = ENVLOCK_TRY(object_in(divergence, name));
    return Share{ENVLOCK_TRY(number_of(place, "covered", 0)), ENVLOCK_TRY(number_of(place, "total", 0))};
}

Result<Divergence> divergence_of(const Place& predicate) {
    Divergence out;
    if (predicate.value.find("divergence") == nullptr) return out;
    const auto place = ENVLOCK_TRY(object_in(predicate, "divergence"));
    out.points = ENVLOCK_TRY(number_of(place, "points", 0));
    out.score = ENVLOCK_TRY(number_of(place, "score", 0));
    out.method = ENVLOCK_TRY(text_of(place, "method"));
    out.components = ENVLOCK_TRY(each(place, "components", row_of, false));
    out.distributions = ENVLOCK_TRY(share_of(place, "distributions"));
    out.files = ENVLOCK_TRY(share_of(place, "files"));
    out.bytes = ENVLOCK_TRY(share_of(place, "bytes"));
    return out;
}

// A subject that is bound by sha256 only: weaker digests prove nothing and are not looked at.
Result<Subject> subject_of(const Place& place) {
    if (place.value.object() == nullptr) return malformed(place.where, "is not an object");
    Subject out;
    out.name = ENVLOCK_TRY(text_of(place, "name", true));
    out.sha256 = ENVLOCK_TRY(text_of(ENVLOCK_TRY(object_in(place, "digest")), "sha256", true));
    if (!is_hex64(out.sha256)) return malformed(place.where, "\"sha256\" is not 64 hexadecimal digits");
    return out;
}

Result<void> check_kind(const Value& statement) {
    const auto type = statement.text("_type");
    const auto predicate = statement.text("predicateType");
    if (type != k_statement_type) return fail(ErrorCode::manifest_unsupported, "", "\"_type\" is \"" + escape_controls(type) + "\"");
    if (predicate != k_manifest_type) return fail(ErrorCode::manifest_unsupported, "", "\"predicateType\" is \"" + escape_controls(predicate) + "\"");
    return {};
}

Result<void> read_environment(Manifest& out, const Place& predicate) {
    const auto environment = ENVLOCK_TRY(object_in(predicate, "environment"));
    out.layers = ENVLOCK_TRY(each(environment, "layers", layer_of));
    std::set<std::string> ids;
    for (const auto& layer : out.layers) {
        if (!ids.insert(layer.layer).second) return malformed(environment.where, "layer \"" + layer.layer + "\" is there twice");
    }
    if (ENVLOCK_TRY(text_of(environment, "digest", true)) != environment_digest(out.layers))
        return malformed(environment.where, "its digest does not fit its layers: a layer was added, removed or changed by hand");
    return {};
}

Result<Manifest> manifest_of(const Value& statement) {
    if (statement.object() == nullptr) return malformed("document", "is not an object");
    ENVLOCK_CHECK(check_kind(statement));
    Manifest out;
    const Place root{statement, "document"};
    out.subjects = ENVLOCK_TRY(each(root, "subject", subject_of));
    auto predicate = ENVLOCK_TRY(object_in(root, "predicate"));
    predicate.where = "predicate";
    out.project = ENVLOCK_TRY(text_of(predicate, "project"));
    out.profile = ENVLOCK_TRY(text_of(predicate, "profile", true));
    out.sequence = ENVLOCK_TRY(number_of(predicate, "sequence", 1, 1));
    out.previous = ENVLOCK_TRY(text_of(predicate, "previous"));
    if (!out.previous.empty() && !is_digest(out.previous)) return malformed(predicate.where, "\"previous\" is not a sha256 digest");
    out.captured_at = ENVLOCK_TRY(text_of(predicate, "capturedAt", true));
    out.level = ENVLOCK_TRY(text_of(predicate, "level"));
    out.tool_version = ENVLOCK_TRY(text_of(ENVLOCK_TRY(object_in(predicate, "tool")), "version"));
    ENVLOCK_CHECK(read_environment(out, predicate));
    out.divergence = ENVLOCK_TRY(divergence_of(predicate));
    out.notes = ENVLOCK_TRY(each(predicate, "notes", note_of, false));
    return out;
}

// A conflict is the commonest way a committed manifest breaks; say so instead of "syntax error".
std::int64_t conflict_line(std::string_view bytes) {
    std::int64_t line = 0;
    for (const auto text : split_lines(bytes)) {
        ++line;
        if (text.starts_with("<<<<<<< ")) return line;
    }
    return 0;
}

// "layer python.components[3] (numpy): …" → "line 41: layer python…", when that component has a line.
std::string with_line(std::string_view bytes, std::string detail) {
    if (!detail.starts_with("layer ")) return detail;
    const auto layer = detail.substr(6, detail.find_first_of(".:") - 6);
    const auto open = detail.find(" (");
    const auto close = detail.find("): ");
    if (open == std::string::npos || close == std::string::npos || close < open) return detail;
    const auto lines = component_lines(bytes);
    const auto found = lines.find(layer + "/" + detail.substr(open + 2, close - open - 2));
    return found == lines.end() ? detail : "line " + std::to_string(found->second) + ": " + detail;
}

}  // namespace

Result<Manifest> decode_manifest(std::string_view bytes, std::string_view subject) {
    const json::Limits limits{.allow_reals = false};
    auto statement = json::parse(bytes, limits, subject);
    if (!statement) {
        auto error = std::move(statement.error());
        if (const auto line = conflict_line(bytes)) error.detail = "line " + std::to_string(line) + ": unresolved merge conflict";
        if (error.code != ErrorCode::file_too_large) error.code = ErrorCode::manifest_malformed;
        return tl::make_unexpected(std::move(error));
    }
    auto manifest = manifest_of(*statement);
    if (!manifest) return fail(manifest.error().code, std::string(subject), with_line(bytes, std::move(manifest.error().detail)));
    return manifest;
}

// Relies on the layout only: a component line starts with '{' inside "components", and the layer's
// "id" follows its components because keys are sorted.
std::map<std::string, std::int64_t> component_lines(std::string_view bytes) {
    std::map<std::string, std::int64_t> out;
    std::vector<std::pair<std::string, std::int64_t>> pending;
    bool inside = false;
    std::int64_t number = 0;
    const auto member = [](std::string_view line, std::string_view start) -> std::optional<std::string> {
        if (!line.starts_with(start)) return std::nullopt;
        line.remove_prefix(start.size() - 1);
        if (line.ends_with(',')) line.remove_suffix(1);
        const auto value = json::parse(line, {}, "");
        if (!value || value->string() == nullptr) return std::nullopt;
        return *value->string();
    };
    for (auto line : split(bytes, '\n')) {
        ++number;
        line = trim(line);
        if (line.starts_with("\"components\": [")) {
            inside = !line.ends_with("]") && !line.ends_with("],");
            pending.clear();
        } else if (line.starts_with("]")) {
            inside = false;
        } else if (inside && line.starts_with("{")) {
            if (line.ends_with(',')) line.remove_suffix(1);
            if (const auto value = json::parse(line, {}, ""); value && !value->text("key").empty()) pending.emplace_back(value->text("key"), number);
        } else if (const auto id = member(line, "\"id\": \"")) {
            for (auto& [key, at] : pending) out.emplace(*id + "/" + key, at);
            pending.clear();
        }
    }
    return out;
}

}  // namespace envlock
