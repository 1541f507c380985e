#include <envlock/index/project_page.hpp>

#include "index/page_cache.hpp"
#include "index/version_filter.hpp"

#include <envlock/base/text.hpp>

#include <simdjson.h>

#include <algorithm>
#include <charconv>

namespace envlock::index {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t k_most_files = 500'000;

std::string_view text_of(const dom::object& object, std::string_view key) {
    std::string_view out;
    if (object[key].get(out) != simdjson::SUCCESS) return {};
    return out;
}

// Without building the file: most of a page is of other versions.
bool may_be_private(const dom::object& file) {
    const auto has = [&](const char* key) { return text_of(file, key).find_first_of("?@") != std::string_view::npos; };
    return has("url") || has("provenance");
}

std::string hex64(std::string_view text) {
    const bool right = text.size() == 64 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
    return right ? ascii_lower(text) : std::string();
}

// Which of two equal keys counts depends on the parser: such an object says nothing.
bool has_duplicate_keys(const dom::object& object) {
    std::vector<std::string_view> keys;
    for (const auto field : object) keys.push_back(field.key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

// "core-metadata" has two older spellings; each is a bool or an object of hashes.
std::string metadata_digest(const dom::object& file) {
    for (const auto* key : {"core-metadata", "dist-info-metadata", "data-dist-info-metadata"}) {
        dom::object hashes;
        if (file[key].get(hashes) != simdjson::SUCCESS) continue;
        if (auto digest = hex64(text_of(hashes, "sha256")); !digest.empty()) return digest;
    }
    return {};
}

void read_yanked(PublishedFile& out, const dom::object& file) {
    dom::element yanked;
    if (file["yanked"].get(yanked) != simdjson::SUCCESS) return;
    bool flag = false;
    std::string_view reason;
    if (yanked.get(flag) == simdjson::SUCCESS) out.yanked = flag;
    else if (yanked.get(reason) == simdjson::SUCCESS) out.yanked = true, out.yanked_reason = reason;
}

PublishedFile read_file(const dom::object& file, std::string_view filename, std::string_view base_url) {
    PublishedFile out{.filename = std::string(filename)};
    out.url = resolve_file_url(base_url, text_of(file, "url"));
    dom::object hashes;
    if (file["hashes"].get(hashes) == simdjson::SUCCESS) out.sha256 = hex64(text_of(hashes, "sha256"));
    out.metadata_sha256 = metadata_digest(file);
    out.upload_time = text_of(file, "upload-time");
    out.requires_python = text_of(file, "requires-python");
    if (const auto provenance = text_of(file, "provenance"); !provenance.empty()) out.provenance = resolve_file_url(base_url, provenance);
    std::int64_t size = -1;
    if (file["size"].get(size) == simdjson::SUCCESS && size >= 0) out.size = size;
    read_yanked(out, file);
    if (file[k_cut_mark].get(out.url_is_cut) != simdjson::SUCCESS) out.url_is_cut = false;
    return out;
}

Result<void> read_meta(ProjectPage& out, const dom::object& root) {
    dom::object meta;
    out.api_version = "1.0";
    if (root["meta"].get(meta) == simdjson::SUCCESS) {
        if (const auto version = text_of(meta, "api-version"); !version.empty()) out.api_version = version;
        std::int64_t serial = -1;
        if (meta["_last-serial"].get(serial) == simdjson::SUCCESS) out.serial = serial;
    }
    int major = 0, minor = 0;
    const auto* end = out.api_version.data() + out.api_version.size();
    const auto first = std::from_chars(out.api_version.data(), end, major);
    if (first.ptr != end) std::from_chars(first.ptr + 1, end, minor);
    if (major != 1) return fail(ErrorCode::response_malformed, out.name, "index API version " + escape_controls(out.api_version) + "; envlock knows 1.x");
    if (minor > 4) out.warnings.push_back("index API version " + escape_controls(out.api_version) + " is newer than the one envlock knows");
    return {};
}

void read_status(ProjectPage& out, const dom::object& root) {
    dom::object status, meta;
    auto found = root["project-status"].get(status) == simdjson::SUCCESS;
    // The specification's own example has it below `meta`.
    if (!found && root["meta"].get(meta) == simdjson::SUCCESS) found = meta["project-status"].get(status) == simdjson::SUCCESS;
    if (!found) return;
    out.status = text_of(status, "status");
    out.status_reason = text_of(status, "reason");
    if (out.status == "active") out.status.clear();
}

}  // namespace

Result<ProjectPage> parse_simple_json(std::string_view body, std::string_view base_url, std::string_view project, std::string_view only_version) {
    ProjectPage out{.name = std::string(project)};
    const auto malformed = [&](std::string detail) { return fail(ErrorCode::response_malformed, std::string(project), std::move(detail)); };
    dom::parser parser;
    dom::object root;
    const simdjson::padded_string padded(body);
    const auto problem = parser.parse(padded).get(root);
    if (problem != simdjson::SUCCESS) return malformed(std::string("index page is not JSON: ") + simdjson::error_message(problem));
    if (has_duplicate_keys(root)) return malformed("index page has a key twice");
    ENVLOCK_CHECK(read_meta(out, root));
    read_status(out, root);
    dom::array files;
    if (root["files"].get(files) != simdjson::SUCCESS) return malformed("index page has no \"files\"");
    VersionFilter filter(project, only_version);
    std::size_t count = 0;
    for (const auto& element : files) {
        if (++count > k_most_files) return malformed("index page lists too many files");
        dom::object file;
        if (element.get(file) != simdjson::SUCCESS) return malformed("an entry of \"files\" is no object");
        const auto filename = text_of(file, "filename");
        out.has_private_urls |= may_be_private(file);
        if (filename.empty() || !filter.keeps(filename)) continue;
        if (has_duplicate_keys(file)) return malformed("a file of the index page has a key twice");
        out.files.push_back(read_file(file, filename, base_url));
    }
    return out;
}

}  // namespace envlock::index
