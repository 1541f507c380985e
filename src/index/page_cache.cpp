#include "index/page_cache.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>

#include <array>
#include <charconv>

namespace envlock::index {
namespace {

constexpr std::int64_t k_default_age = 600;
constexpr std::int64_t k_most_age = 86'400;

std::int64_t number(std::string_view text) {
    std::int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

// A header value cannot hold a newline; an own check keeps a hostile one from forging fields.
std::string one_line(std::string_view text) { return text.find_first_of("\r\n") == std::string_view::npos ? std::string(text) : std::string(); }

json::Value to_json(const PublishedFile& file) {
    json::Value out;
    const auto text = [&](const char* key, const std::string& value) {
        if (!value.empty()) out.set(key, to_utf8(value));
    };
    const auto digest = [&](const char* key, const std::string& hex) {
        json::Value hashes{json::Object{}};
        if (!hex.empty()) hashes.set("sha256", hex);
        out.set(key, std::move(hashes));
    };
    text("filename", file.filename);
    text("url", redact_url(file.url));
    digest("hashes", file.sha256);
    if (!file.metadata_sha256.empty()) digest("core-metadata", file.metadata_sha256);
    text("upload-time", file.upload_time);
    text("requires-python", file.requires_python);
    text("provenance", redact_url(file.provenance));
    if (file.size >= 0) out.set("size", file.size);
    if (file.yanked && file.yanked_reason.empty()) out.set("yanked", true);
    else if (file.yanked) text("yanked", redact_urls_in(file.yanked_reason));
    if (file.url_is_cut || redact_url(file.url) != file.url) out.set(k_cut_mark, true);
    return out;
}

}  // namespace

CachedPage reduced_page(CachedPage page, const ProjectPage& all) {
    json::Value root, meta;
    meta.set("api-version", all.api_version);
    if (all.serial >= 0) meta.set("_last-serial", all.serial);
    root.set("meta", std::move(meta));
    if (!all.status.empty()) {
        json::Value status;
        status.set("status", to_utf8(all.status));
        status.set("reason", to_utf8(redact_urls_in(all.status_reason)));
        root.set("project-status", std::move(status));
    }
    json::Array files;
    for (const auto& file : all.files) files.push_back(to_json(file));
    root.set("files", std::move(files));
    page.body = json::write(root, json::Style::compact);
    page.content_type = "application/vnd.pypi.simple.v1+json";
    page.final_url = redact_url(page.final_url);
    return page;
}

std::string encode_page(const CachedPage& page) {
    std::string out;
    for (const auto& field : {std::to_string(page.status), one_line(page.content_type), one_line(page.etag), one_line(page.last_modified),
                              one_line(page.final_url), std::to_string(page.fetched_at), std::to_string(page.max_age)}) {
        out += field + "\n";
    }
    return out + page.body;
}

std::optional<CachedPage> decode_page(std::string_view bytes) {
    std::array<std::string_view, 7> fields;
    for (auto& field : fields) {
        const auto end = bytes.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        field = bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
    }
    return CachedPage{.status = static_cast<int>(number(fields[0])), .content_type = std::string(fields[1]), .etag = std::string(fields[2]),
                      .last_modified = std::string(fields[3]), .final_url = std::string(fields[4]), .body = std::string(bytes),
                      .fetched_at = number(fields[5]), .max_age = number(fields[6])};
}

std::int64_t max_age_of(const HttpResponse& response) {
    const auto* control = response.header("cache-control");
    if (control == nullptr) return k_default_age;
    std::int64_t age = k_default_age;
    for (const auto part : split(*control, ',')) {
        const auto directive = ascii_lower(trim(part));
        if (directive == "no-store" || directive == "no-cache") return 0;
        if (directive.starts_with("max-age=")) age = number(std::string_view(directive).substr(8));
    }
    return std::min(std::max<std::int64_t>(age, 0), k_most_age);
}

bool forbids_storing(const HttpResponse& response) {
    const auto* control = response.header("cache-control");
    if (control == nullptr) return false;
    for (const auto part : split(*control, ',')) {
        if (iequals_ascii(trim(part), "no-store")) return true;
    }
    return false;
}

}  // namespace envlock::index
