#include "host/hash_cache.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/host/atomic_file.hpp>
#include <envlock/host/posix_file_tree.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <tuple>

namespace envlock::host {
namespace {

static_assert(sizeof(CachedHash) == 112, "the layout of the cache file");

constexpr std::string_view k_magic = "envlock-hashes-2";  // a new layout gets a new number
constexpr std::size_t k_header = 16 + 32;                 // magic, SHA-256 of the rest
constexpr std::size_t k_most = 256U << 20U;
constexpr std::size_t k_most_entries = 1'000'000;

std::uint32_t name_number(std::string_view name) {  // FNV-1a
    std::uint32_t out = 2166136261U;
    for (const char c : name) out = (out ^ static_cast<unsigned char>(c)) * 16777619U;
    return out;
}

auto place(const CachedHash& entry) { return std::tuple(entry.device, entry.inode, entry.algorithm); }

}  // namespace

CachedHash make_entry(const FileInfo& info, std::string_view algorithm, std::string_view digest) {
    CachedHash out{.device = info.device, .inode = info.inode, .size = info.size, .mtime_ns = info.mtime_ns, .ctime_ns = info.ctime_ns,
                   .algorithm = name_number(algorithm), .length = static_cast<std::uint32_t>(std::min<std::size_t>(digest.size(), 64))};
    std::copy_n(digest.begin(), out.length, out.digest.begin());
    return out;
}

HashCache HashCache::load(const std::string& file) {
    HashCache out;
    if (file.empty()) return out;
    const auto text = PosixFileTree().read(file, k_most);
    if (!text || text->size() < k_header || !text->starts_with(k_magic)) return out;
    const auto body = std::string_view(*text).substr(k_header);
    if (body.size() % sizeof(CachedHash) != 0 || sha256_raw(body) != text->substr(k_magic.size(), 32)) return out;
    out.m_entries.resize(body.size() / sizeof(CachedHash));
    std::memcpy(out.m_entries.data(), body.data(), body.size());
    return out;
}

std::string HashCache::find(const FileInfo& info, std::string_view algorithm) const {
    const std::tuple wanted(info.device, info.inode, name_number(algorithm));
    const auto found = std::ranges::lower_bound(m_entries, wanted, {}, place);
    if (found == m_entries.end() || place(*found) != wanted) return {};
    if (found->size != info.size || found->mtime_ns != info.mtime_ns || found->ctime_ns != info.ctime_ns || found->length > 64) return {};
    return {found->digest.data(), found->length};
}

void HashCache::merge(std::vector<CachedHash> fresh, std::int64_t now_ns) {
    std::erase_if(fresh, [&](const CachedHash& e) { return std::max(e.mtime_ns, e.ctime_ns) > now_ns - k_racy_ns; });
    if (fresh.empty()) return;
    std::ranges::sort(fresh, {}, place);
    std::vector<CachedHash> all;
    all.reserve(m_entries.size() + fresh.size());
    std::ranges::set_union(fresh, m_entries, std::back_inserter(all), {}, place, place);  // of equal ones the first range's
    if (all.size() > k_most_entries) all = std::move(fresh);
    m_entries = std::move(all);
    m_changed = true;
}

bool HashCache::save(const std::string& file) const {
    std::string body(m_entries.size() * sizeof(CachedHash), '\0');
    if (!m_entries.empty()) std::memcpy(body.data(), m_entries.data(), body.size());
    std::error_code problem;
    std::filesystem::create_directories(std::string(parent_path(file)), problem);
    return write_atomically(file, std::string(k_magic) + sha256_raw(body) + body, 0600).has_value();
}

}  // namespace envlock::host
