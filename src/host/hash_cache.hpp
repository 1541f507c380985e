#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::host {

// What a file's digest was when it looked like this.
struct HashRecord {
    std::uint64_t device, inode, size;
    std::int64_t mtime_ns, ctime_ns;
    std::uint32_t algorithm;  // 1 + index in k_cached_algorithms
    std::uint32_t digest_size;
    std::array<char, 32> digest;
};
static_assert(sizeof(HashRecord) == 80, "the record is the file format");

// The number of `algorithm`, or 0: its digests do not fit or are not kept.
std::uint32_t cached_algorithm(std::string_view algorithm);

// The hash cache in memory: sorted records, read in one go and never changed.
class HashCache {
public:
    static HashCache load(const std::string& path);  // empty when missing, damaged or foreign
    // The record with this device, inode and algorithm; whether it still fits is the caller's question.
    const HashRecord* find(std::uint64_t device, std::uint64_t inode, std::uint32_t algorithm) const;

    // Joins `fresh` with what the file holds by now (another process may have written) and replaces it. Best effort.
    static void merge_into(const std::string& path, std::vector<HashRecord> fresh);

private:
    std::vector<HashRecord> m_records;
};

}  // namespace envlock::host
