#pragma once

#include <envlock/ports/file_tree.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace envlock::host {

// What a file looked like when it was hashed, and the digest. The file is the same as long as
// all five numbers are; ctime cannot be set back by a program, so an edit that restores mtime shows.
struct CachedHash {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t mtime_ns = 0, ctime_ns = 0;
    std::uint32_t algorithm = 0;  // hash of its name
    std::uint32_t length = 0;     // of the digest
    std::array<char, 64> digest{};
};

// The hash cache as one sorted array: looked up by (device, inode, algorithm).
class HashCache {
public:
    // Ignores a file that is missing, damaged or of another version.
    static HashCache load(const std::string& file);
    // The digest when `info` is the file that was hashed, and the entry may be trusted; else "".
    std::string find(const FileInfo& info, std::string_view algorithm) const;
    // Takes the new entries in; drops those that were modified within k_racy_ns of `now_ns`, as
    // git's index does: a file changed again within the clock's grain would look the same.
    void merge(std::vector<CachedHash> fresh, std::int64_t now_ns);
    bool save(const std::string& file) const;
    bool changed() const { return m_changed; }

    static constexpr std::int64_t k_racy_ns = 3'000'000'000;

private:
    std::vector<CachedHash> m_entries;
    bool m_changed = false;
};

CachedHash make_entry(const FileInfo& info, std::string_view algorithm, std::string_view digest);

}  // namespace envlock::host
