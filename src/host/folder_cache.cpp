#include <envlock/host/folder_cache.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/host/atomic_file.hpp>
#include <envlock/host/posix_file_tree.hpp>

#include <filesystem>

namespace envlock::host {
namespace {

constexpr std::string_view k_magic = "envlock-cache-1 ";
constexpr std::size_t k_header = k_magic.size() + 64 + 1;
constexpr std::size_t k_most = 128U << 20U;

std::string place_of(const std::string& folder, std::string_view bucket, std::string_view key) {
    return join(join(folder, bucket), sha256_hex(key));
}

}  // namespace

std::optional<std::string> FolderCache::get(std::string_view bucket, std::string_view key) const {
    auto text = PosixFileTree().read(place_of(m_folder, bucket, key), k_most);
    if (!text || text->size() < k_header || !text->starts_with(k_magic)) return std::nullopt;
    auto value = text->substr(k_header);
    if (text->compare(k_magic.size(), 64, sha256_hex(value)) != 0) return std::nullopt;  // damaged: as if it were not there
    return value;
}

void FolderCache::put(std::string_view bucket, std::string_view key, std::string_view value) {
    const auto folder = join(m_folder, bucket);
    std::error_code problem;
    if (std::filesystem::create_directories(folder, problem)) std::filesystem::permissions(m_folder, std::filesystem::perms::owner_all, problem);
    // Best effort: a cache that cannot be written costs time, not truth.
    (void)write_atomically(place_of(m_folder, bucket, key), std::string(k_magic) + sha256_hex(value) + "\n" + std::string(value), 0600);
}

}  // namespace envlock::host
