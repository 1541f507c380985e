#include <envlock/elf/ld_cache.hpp>

#include <algorithm>
#include <optional>

namespace envlock::elf {
namespace {

constexpr std::string_view k_old_magic = "ld.so-1.7.0", k_new_magic = "glibc-ld.so.cache1.1";
constexpr std::size_t k_old_header = 16, k_old_entry = 12, k_new_header = 48, k_new_entry = 24;
constexpr std::size_t k_longest = 4'096;

template <class T>
T little(std::string_view bytes, std::size_t at) {  // the caller checked the range
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) value = static_cast<T>(value << 8U | static_cast<unsigned char>(bytes[at + i]));
    return value;
}

std::optional<std::string> text_at(std::string_view bytes, std::size_t at) {
    if (at >= bytes.size()) return std::nullopt;
    const auto end = bytes.substr(at, k_longest).find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    return std::string(bytes.substr(at, end));
}

}  // namespace

Result<LdCache> LdCache::parse(std::string_view bytes, std::string_view subject) {
    const auto broken = [&](std::string what) { return fail(ErrorCode::elf_malformed, std::string(subject), std::move(what)); };
    std::size_t start = 0, header = k_new_header, stride = k_new_entry;
    if (bytes.starts_with(k_old_magic)) {
        if (bytes.size() < k_old_header) return broken("cache header is cut");
        const std::uint64_t end = k_old_header + std::uint64_t{little<std::uint32_t>(bytes, 12)} * k_old_entry;
        if (end > bytes.size()) return broken("old cache block is cut");
        const auto aligned = static_cast<std::size_t>((end + 7) / 8 * 8);
        if (aligned <= bytes.size() && bytes.substr(aligned).starts_with(k_new_magic)) start = aligned;
        else header = k_old_header, stride = k_old_entry;
    } else if (!bytes.starts_with(k_new_magic)) {
        return broken("not a loader cache");
    }
    const bool modern = header == k_new_header;
    const auto body = bytes.substr(start);
    if (body.size() < header) return broken("cache header is cut");
    const std::uint64_t count = little<std::uint32_t>(body, modern ? 20 : 12);
    if (header + count * stride > body.size()) return broken("cache entries are cut");
    // Offsets of the old block count from behind its entries, those of the new one from its start.
    const auto strings = modern ? body : body.substr(header + static_cast<std::size_t>(count) * stride);

    LdCache cache;
    std::size_t total = 0;  // strings may overlap: small bytes must not become much memory
    cache.m_entries.reserve(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = header + i * stride;
        LdCacheEntry entry;
        entry.flags = little<std::uint32_t>(body, at);
        auto soname = text_at(strings, little<std::uint32_t>(body, at + 4));
        auto path = text_at(strings, little<std::uint32_t>(body, at + 8));
        if (!soname || !path) return broken("a cache entry points outside");
        total += soname->size() + path->size();
        if (total > 4 * bytes.size()) return broken("cache strings overlap");
        entry.soname = *std::move(soname);
        entry.path = *std::move(path);
        if (modern) entry.hwcap = little<std::uint64_t>(body, at + 16);
        cache.m_by_name[entry.soname].push_back(cache.m_entries.size());
        cache.m_entries.push_back(std::move(entry));
    }
    return cache;
}

std::vector<const LdCacheEntry*> LdCache::find(const std::string& soname) const {
    std::vector<const LdCacheEntry*> out;
    const auto found = m_by_name.find(soname);
    if (found == m_by_name.end()) return out;
    for (const auto index : found->second) out.push_back(&m_entries[index]);
    std::stable_partition(out.begin(), out.end(), [](const LdCacheEntry* entry) { return entry->hwcap == 0; });
    return out;
}

}  // namespace envlock::elf
