#include "hash_cache.hpp"

#include "replace_file.hpp"
#include "unique_fd.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>

namespace envlock::host {
namespace {

constexpr std::array<std::string_view, 5> k_cached_algorithms{"sha256", "blake2s", "sha3_256", "sha1", "md5"};
// Version, byte order and record layout in one: anything else is foreign.
struct Head {
    std::array<char, 8> magic;
    std::uint32_t byte_order, record_size;
    std::uint64_t count;
    std::array<char, 32> checksum;  // SHA-256 of the records
};
static_assert(sizeof(Head) == 56);
constexpr std::array<char, 8> k_magic{'E', 'N', 'V', 'L', 'K', 'H', 'C', '1'};
constexpr std::uint32_t k_byte_order = 0x01020304;
constexpr std::size_t k_most_records = 400'000;  // 32 MB; beyond that only the records of this run are kept

auto key(const HashRecord& r) { return std::tuple(r.device, r.inode, r.algorithm); }
bool before(const HashRecord& a, const HashRecord& b) { return key(a) < key(b); }
bool same_key(const HashRecord& a, const HashRecord& b) { return key(a) == key(b); }

bool read_exactly(int fd, void* into, std::size_t size) {
    auto* at = static_cast<char*>(into);
    while (size > 0) {
        const auto got = ::read(fd, at, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

std::string_view bytes_of(const std::vector<HashRecord>& records) {
    return {reinterpret_cast<const char*>(records.data()), records.size() * sizeof(HashRecord)};
}

}  // namespace

std::uint32_t cached_algorithm(std::string_view algorithm) {
    const auto* found = std::find(k_cached_algorithms.begin(), k_cached_algorithms.end(), algorithm);
    return found == k_cached_algorithms.end() ? 0 : static_cast<std::uint32_t>(found - k_cached_algorithms.begin()) + 1;
}

HashCache HashCache::load(const std::string& path) {
    HashCache out;
    if (path.empty()) return out;
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat seen {};
    // Another user's cache could claim any digest for our files.
    if (!fd || ::fstat(fd.get(), &seen) != 0 || !S_ISREG(seen.st_mode) || seen.st_uid != ::geteuid()) return out;
    Head head{};
    if (!read_exactly(fd.get(), &head, sizeof head)) return out;
    if (head.magic != k_magic || head.byte_order != k_byte_order || head.record_size != sizeof(HashRecord)) return out;
    if (head.count > k_most_records || static_cast<std::uint64_t>(seen.st_size) != sizeof head + head.count * sizeof(HashRecord)) return out;
    std::vector<HashRecord> records(static_cast<std::size_t>(head.count));
    if (!read_exactly(fd.get(), records.data(), records.size() * sizeof(HashRecord))) return out;
    if (sha256_raw(bytes_of(records)) != std::string_view(head.checksum.data(), head.checksum.size())) return out;
    const auto bad = [](const HashRecord& r) { return r.digest_size > r.digest.size(); };
    if (std::any_of(records.begin(), records.end(), bad) || !std::is_sorted(records.begin(), records.end(), before)) return out;
    out.m_records = std::move(records);
    return out;
}

const HashRecord* HashCache::find(std::uint64_t device, std::uint64_t inode, std::uint32_t algorithm) const {
    const HashRecord wanted{device, inode, 0, 0, 0, algorithm, 0, {}};
    const auto at = std::lower_bound(m_records.begin(), m_records.end(), wanted, before);
    return at != m_records.end() && same_key(*at, wanted) ? &*at : nullptr;
}

void HashCache::merge_into(const std::string& path, std::vector<HashRecord> fresh) {
    auto old = load(path).m_records;
    if (old.size() + fresh.size() > k_most_records) old.clear();
    if (fresh.size() > k_most_records) fresh.resize(k_most_records);
    // Stable, with the new ones first: of two records with the same key the newer stays.
    fresh.insert(fresh.end(), old.begin(), old.end());
    std::stable_sort(fresh.begin(), fresh.end(), before);
    fresh.erase(std::unique(fresh.begin(), fresh.end(), same_key), fresh.end());

    const auto body = bytes_of(fresh);
    Head head{k_magic, k_byte_order, sizeof(HashRecord), fresh.size(), {}};
    const auto sum = sha256_raw(body);
    std::memcpy(head.checksum.data(), sum.data(), std::min(sum.size(), head.checksum.size()));
    std::string file(reinterpret_cast<const char*>(&head), sizeof head);
    file += body;
    if (!make_private_folders(std::string(parent_path(path)))) return;
    (void)replace_file(path, file, 0600, Durability::atomic);
}

}  // namespace envlock::host
