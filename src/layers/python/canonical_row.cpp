#include "layers/python/canonical_row.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>

namespace envlock::python {
namespace {

bool is_installer_file(const Distribution& distribution, std::string_view canonical) {
    const auto slash = canonical.find('/');
    if (slash == std::string_view::npos || canonical.substr(0, slash) != file_name(distribution.dir)) return false;
    constexpr std::array<std::string_view, 8> k_names{"INSTALLER", "REQUESTED",     "RECORD",     "RECORD.jws",
                                                      "RECORD.p7s", "direct_url.json", "uv_cache.json", "uv_build.json"};
    return std::ranges::find(k_names, canonical.substr(slash + 1)) != k_names.end();
}

// pip and old setuptools add versioned names of their own scripts: pip3.11, easy_install-3.8.
bool is_versioned_alias(std::string_view key, std::string_view name) {
    const auto stem = name.substr(0, name.find_last_not_of("0123456789.") + 1);
    return (key == "pip" && stem == "pip") || (key == "setuptools" && (stem == "easy_install" || stem == "easy_install-"));
}

// True for "a/b.py": relative, nothing to resolve, nothing to refuse. Nearly every row, so it is quick.
bool is_plain(std::string_view path) {
    if (path.empty() || path.front() == '/' || path.front() == '.' || path.back() == '/') return false;
    if (path.size() > 1 && path[1] == ':') return false;
    char before = 0;
    for (const char c : path) {
        if (c == '\\' || c == '\0' || (before == '/' && (c == '/' || c == '.'))) return false;
        before = c;
    }
    return true;
}

// `pip install --target` moves bin/ and share/ beside the packages and leaves rows that point out of the folder.
std::optional<std::string> beside_packages(const Distribution& distribution, std::string_view row_path) {
    if (distribution.site.prefix != distribution.site.path || !row_path.starts_with("../")) return std::nullopt;
    while (row_path.starts_with("../")) row_path.remove_prefix(3);
    if (!is_plain(row_path)) return std::nullopt;
    return join(distribution.site.path, row_path);
}

// The wheel's row without what differs between installers. Hash and size are the publisher's.
std::string wheel_line(const RecordRow& row, const PlacedRow& placed) {
    std::string line;
    line.reserve(placed.canonical.size() + row.algorithm.size() + row.digest.size() * 2 + 4);
    line += placed.canonical;
    line += '\0';
    if (placed.kind != RowKind::script) line.append(row.algorithm).append(":").append(to_hex(row.digest));
    line += '\n';
    return line;
}

}  // namespace

PlacedRow place_row(const Distribution& distribution, std::string_view row_path) {
    PlacedRow out;
    if (is_plain(row_path)) {
        out.path = join(distribution.site.path, row_path);
        out.canonical = row_path;
        out.kind = RowKind::content;
        if (row_path.ends_with(".pyc")) out.kind = RowKind::bytecode;
        else if (is_installer_file(distribution, row_path)) out.kind = RowKind::generated;
        return out;
    }
    auto path = confine_record_path(row_path, distribution.site.path, distribution.site.prefix);
    bool outside_site = false;
    if (!path) {
        path = beside_packages(distribution, row_path);
        outside_site = true;
    }
    if (!path) return out;
    out.path = *std::move(path);
    if (auto inside = below(distribution.site.path, out.path)) {
        out.canonical = *std::move(inside);
    } else {
        out.canonical = below(distribution.site.prefix, out.path).value_or("");
        outside_site = true;
    }
    out.kind = RowKind::content;
    if (out.canonical.ends_with(".pyc")) {
        out.kind = RowKind::bytecode;
    } else if (outside_site && out.canonical.starts_with("bin/")) {
        const auto name = std::string_view(out.canonical).substr(4);
        const bool wrapper = std::ranges::binary_search(distribution.scripts, name) || is_versioned_alias(distribution.component.key, name);
        out.kind = wrapper ? RowKind::generated : RowKind::script;
    } else if (is_installer_file(distribution, out.canonical)) {
        out.kind = RowKind::generated;
    }
    return out;
}

std::string record_digest(const Distribution& distribution) {
    std::vector<std::string> lines;
    lines.reserve(distribution.rows.size());
    for (const auto& row : distribution.rows) {
        // Rows without a hash differ between installers: one lists bytecode, one adds what was unlisted.
        if (row.state == RecordState::unhashed) continue;
        const auto placed = place_row(distribution, row.path);
        if (placed.kind == RowKind::generated || placed.kind == RowKind::bytecode) continue;
        if (placed.kind == RowKind::escape || row.state != RecordState::hashed) lines.push_back("!" + row.path + '\0' + row.algorithm + '\n');
        else lines.push_back(wheel_line(row, placed));
    }
    std::ranges::sort(lines);
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());  // a row repeated word for word says nothing new
    auto hasher = Hasher::create("sha256");
    if (!hasher) return {};
    for (const auto& line : lines) hasher->update(line);
    return "sha256:" + to_hex(hasher->finish());
}

}  // namespace envlock::python
