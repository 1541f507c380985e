#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace envlock::elf {

struct LdCacheEntry {
    std::string soname, path;
    std::uint32_t flags = 0;   // 0x0303: x86-64, 0x0a03: aarch64, 0x0003: plain (i386 and others)
    std::uint64_t hwcap = 0;   // 0: for every processor
};

// glibc's ld.so.cache: which file the loader takes for a soname when no search path has it.
class LdCache {
public:
    // The "glibc-ld.so.cache1.1" format, alone or behind the older "ld.so-1.7.0" block, and that
    // block alone. Little-endian. elf_malformed when offsets leave the text.
    static Result<LdCache> parse(std::string_view bytes, std::string_view subject);

    const std::vector<LdCacheEntry>& entries() const { return m_entries; }
    // The entries of that name, in the order of the file; those for every processor first.
    std::vector<const LdCacheEntry*> find(const std::string& soname) const;

private:
    std::vector<LdCacheEntry> m_entries;
    std::unordered_map<std::string, std::vector<std::size_t>> m_by_name;
};

}  // namespace envlock::elf
