#include <envlock/dist/direct_url.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/dist/record.hpp>
#include <envlock/json/value.hpp>

namespace envlock {
namespace {

void add_hash(DirectUrl& out, std::string_view algorithm, std::string_view hex) {
    const auto name = ascii_lower(trim(algorithm));
    const auto size = digest_size(name);
    const auto raw = from_hex(trim(hex));
    if (!size || !raw || raw->size() != *size) return;
    const auto [at, added] = out.hashes.emplace(name, to_hex(*raw));
    if (!added && at->second != to_hex(*raw)) out.conflicting_hash = true;
}

void read_archive(DirectUrl& out, const json::Value& info) {
    out.kind = DirectKind::archive;
    if (const auto* hashes = info.find("hashes"); hashes != nullptr && hashes->object() != nullptr) {
        for (const auto& [name, value] : *hashes->object()) {
            if (value.string() != nullptr) add_hash(out, name, *value.string());
        }
    }
    // The deprecated single "alg=hex".
    const auto old = info.text("hash");
    if (const auto equals = old.find('='); equals != std::string_view::npos) add_hash(out, old.substr(0, equals), old.substr(equals + 1));
}

}  // namespace

Result<DirectUrl> parse_direct_url(std::string_view text, std::string_view subject) {
    const json::Limits limits{.bytes = 1U << 20U, .depth = 16};
    const auto root = ENVLOCK_TRY(json::parse(text, limits, subject));
    const auto url = root.text("url");
    if (url.empty()) return fail(ErrorCode::metadata_malformed, std::string(subject), "no url");
    const auto* vcs = root.find("vcs_info");
    const auto* archive = root.find("archive_info");
    const auto* dir = root.find("dir_info");
    if ((vcs != nullptr) + (archive != nullptr) + (dir != nullptr) != 1) {
        return fail(ErrorCode::metadata_malformed, std::string(subject), "not exactly one of vcs_info, archive_info, dir_info");
    }
    DirectUrl out;
    out.url = redact_url(url);
    out.subdirectory = std::string(root.text("subdirectory"));
    if (archive != nullptr) {
        read_archive(out, *archive);
    } else if (vcs != nullptr) {
        out.kind = DirectKind::vcs;
        out.vcs = std::string(vcs->text("vcs"));
        out.commit_id = std::string(vcs->text("commit_id"));
        out.requested_revision = std::string(vcs->text("requested_revision"));
    } else {
        out.kind = DirectKind::directory;
        const auto* editable = dir->find("editable");
        out.editable = editable != nullptr && editable->boolean() != nullptr && *editable->boolean();
    }
    return out;
}

}  // namespace envlock
