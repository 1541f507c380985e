#include "index/find_links.hpp"

#include "index/link_files.hpp"
#include "index/settings.hpp"
#include "index/version_filter.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/wheel.hpp>

#include <algorithm>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_page = 16U << 20U;
constexpr std::size_t k_most_pages = 100;            // HTML pages of one folder
constexpr std::uint64_t k_largest_file = 16ULL << 30U;  // hashed, in pieces

bool is_html_name(std::string_view name) {
    const auto lower = ascii_lower(name);
    return lower.ends_with(".html") || lower.ends_with(".htm");
}

// The path of a "file://" URL that a local page links to; "" for anything else.
std::string local_path(std::string_view url) {
    if (ascii_lower(url.substr(0, 8)) != "file:///") return {};
    auto path = resolve_lexically("/", percent_decode(url.substr(7, url.find_first_of("?#") - 7)));
    return path.find('\0') == std::string::npos ? path : std::string();
}

Result<Listing> unless_full(Listing listing, const std::string& shown) {
    if (listing.full()) return fail(ErrorCode::file_too_large, shown, "too many package files");
    return listing;
}

Result<void> add_links(Listing& out, const FileTree& files, const HtmlReader& html, const std::string& path) {
    const auto text = ENVLOCK_TRY(files.read(path, k_most_page));
    const auto links = ENVLOCK_TRY(html.links(text));
    for (auto& file : files_of_links(links, "file://" + path)) {
        if (out.full()) break;
        if (auto local = local_path(file.url); !local.empty()) file.path = std::move(local), file.url.clear();
        out.add(std::move(file));
    }
    return {};
}

}  // namespace

void Listing::add(PublishedFile file) {
    if (full()) return;
    if (file.filename.ends_with(".whl")) {
        const auto wheel = parse_wheel_name(file.filename);
        if (!wheel) return;
        m_wheels[wheel->name].push_back(std::move(file));
    } else {
        const auto stem = sdist_stem(file.filename);
        if (!stem) return;
        m_archives[normalize_name(stem->substr(0, stem->find('-')))].push_back(std::move(file));
    }
    ++m_count;
}

std::vector<PublishedFile> Listing::files_of(const std::string& normalized_name, std::string_view version) const {
    std::vector<PublishedFile> out;
    VersionFilter filter(normalized_name, version);
    if (const auto found = m_wheels.find(normalized_name); found != m_wheels.end()) {
        std::ranges::copy_if(found->second, std::back_inserter(out), [&](const PublishedFile& file) { return filter.keeps(file.filename); });
    }
    // "a-b-1.0.tar.gz" lies below "a", and may be "a-b" 1.0.
    for (auto end = normalized_name.find('-');; end = normalized_name.find('-', end + 1)) {
        if (const auto found = m_archives.find(normalized_name.substr(0, end)); found != m_archives.end()) {
            std::ranges::copy_if(found->second, std::back_inserter(out), [&](const PublishedFile& file) { return filter.keeps(file.filename); });
        }
        if (end == std::string::npos) return out;
    }
}

Result<Listing> list_local(const FileTree& files, const HtmlReader& html, const LinksPlace& place) {
    Listing out;
    if (!files.is_directory(place.place)) {
        if (is_html_name(place.place)) {
            ENVLOCK_CHECK(add_links(out, files, html, place.place));
            return unless_full(std::move(out), place.shown);
        }
        if (!files.is_regular(place.place)) return fail(ErrorCode::file_not_regular, place.shown);
        out.add({.filename = std::string(file_name(place.place)), .path = place.place});
        return out;
    }
    std::size_t pages = 0;
    for (const auto& entry : ENVLOCK_TRY(files.list(place.place))) {
        if (out.full()) break;
        const auto path = join(place.place, entry.name);
        // A page that cannot be read is one source less, as for pip, not the end of the folder.
        if (is_html_name(entry.name) && ++pages <= k_most_pages) (void)add_links(out, files, html, path);
        else if (entry.kind == FileKind::regular || entry.kind == FileKind::symlink) out.add({.filename = entry.name, .path = path});
    }
    return unless_full(std::move(out), place.shown);
}

Result<Listing> list_page(const ProjectPage& page, const std::string& shown) {
    Listing out;
    for (const auto& file : page.files) out.add(file);
    return unless_full(std::move(out), shown);
}

void hash_local_file(const FileTree& files, PublishedFile& file) {
    constexpr std::uint64_t k_piece = 1U << 20U;
    const auto opened = files.open(file.path);
    if (!opened) return;
    const auto size = (*opened)->size();
    if (size > k_largest_file) return;
    auto hasher = Hasher::create("sha256");
    if (!hasher) return;
    for (std::uint64_t at = 0; at < size; at += k_piece) {
        const auto piece = (*opened)->read_at(at, static_cast<std::size_t>(std::min(k_piece, size - at)));
        if (!piece) return;  // it shrank meanwhile
        hasher->update(*piece);
    }
    file.size = static_cast<std::int64_t>(size);
    file.sha256 = to_hex(hasher->finish());
}

}  // namespace envlock::index
