#include "pylock/reading.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>

#include <algorithm>
#include <array>

namespace envlock::pylock {
namespace {

constexpr std::size_t k_longest = 300;
constexpr std::size_t k_most_warnings = 20;

// hashlib's names and the number of hex digits each has.
constexpr std::array<std::pair<std::string_view, std::size_t>, 13> k_algorithms{{
    {"sha256", 64}, {"sha384", 96}, {"sha512", 128}, {"sha224", 56}, {"sha1", 40}, {"md5", 32}, {"blake2b", 128}, {"blake2s", 64},
    {"sha3_224", 56}, {"sha3_256", 64}, {"sha3_384", 96}, {"sha3_512", 128}, {"blake2b_256", 64}}};

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

}  // namespace

std::string clean(std::string_view text) { return escape_controls(trim(text).substr(0, k_longest)); }

const json::Array& items(const json::Value* value) {
    static const json::Array none;
    const auto* array = value == nullptr ? nullptr : value->array();
    return array == nullptr ? none : *array;
}

const json::Object& members(const json::Value* value) {
    static const json::Object none;
    const auto* object = value == nullptr ? nullptr : value->object();
    return object == nullptr ? none : *object;
}

std::vector<std::string> texts(const json::Value* value) {
    std::vector<std::string> out;
    for (const auto& each : items(value)) {
        if (const auto* text = each.string()) out.push_back(escape_controls(*text));
    }
    return out;
}

bool is_true(const json::Value& entry, std::string_view key) {
    const auto* value = entry.find(key);
    return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

void warn(ProjectLock& lock, std::string text) {
    if (lock.warnings.size() < k_most_warnings) lock.warnings.push_back(std::move(text));
    else if (lock.warnings.size() == k_most_warnings) lock.warnings.emplace_back("and more of the kind");
}

bool add_hash(LockedFile& file, std::string_view algorithm, std::string_view hex) {
    const auto name = ascii_lower(trim(algorithm));
    const auto* known = std::ranges::find(k_algorithms, name, [](const auto& each) { return each.first; });
    if (known == k_algorithms.end() || hex.size() != known->second || !is_hex(hex)) return false;
    file.hashes[name] = ascii_lower(hex);
    return true;
}

bool add_hash(LockedFile& file, std::string_view tagged) {
    const auto colon = tagged.find_first_of(":=");  // fragments write "sha256=…"
    return colon != std::string_view::npos && add_hash(file, tagged.substr(0, colon), trim(tagged.substr(colon + 1)));
}

std::optional<std::string> inside_project(std::string_view folder, std::string_view path) {
    if (path.starts_with('/') || path.find('\\') != std::string_view::npos || path.find('\0') != std::string_view::npos) return std::nullopt;
    // ".." past the root of the project is an escape; resolve_lexically would stop there in silence.
    std::int64_t depth = 0;
    const auto whole = join(folder, path);
    for (const auto part : split(whole, '/')) {
        if (part.empty() || part == ".") continue;
        depth += part == ".." ? -1 : 1;
        if (depth < 0) return std::nullopt;
    }
    return resolve_lexically(join("/", folder), path).substr(1);
}

std::string local_origin(ProjectLock& lock, std::string_view name, std::string_view path) {
    auto inside = inside_project(parent_path(lock.path), path);
    if (inside) return inside->empty() ? "." : escape_controls(*inside);
    warn(lock, std::string(name) + ": its path leaves the project");
    return {};
}

std::string last_part(std::string_view url) {
    const auto part = file_name(url.substr(0, url.find_first_of("?#")));
    std::string out;
    for (std::size_t at = 0; at < part.size(); ++at) {
        if (part[at] == '%' && at + 2 < part.size() && is_hex(part.substr(at + 1, 2))) {
            out += static_cast<char>(digit(part[at + 1]) * 16 + digit(part[at + 2]));
            at += 2;
        } else {
            out += part[at];
        }
    }
    return clean(out);
}

Result<LockedPackage> start_package(const ProjectLock& lock, std::string_view name, std::string_view version) {
    if (lock.packages.size() >= k_most_packages) return malformed(lock, "more than " + std::to_string(k_most_packages) + " packages");
    if (!is_valid_name(trim(name)) || name.size() > k_longest) return malformed(lock, name.empty() ? "a package without a name" : "no package name: " + clean(name));
    LockedPackage out;
    out.name = normalize_name(trim(name));
    out.version = clean(version);
    return out;
}

tl::unexpected<Error> malformed(const ProjectLock& lock, std::string detail) { return fail(ErrorCode::lock_malformed, lock.path, std::move(detail)); }

}  // namespace envlock::pylock
