#include <envlock/host/folder_cache.hpp>

#include "replace_file.hpp"
#include "unique_fd.hpp"

#include <envlock/base/digest.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace envlock::host {
namespace {

constexpr std::string_view k_magic = "envlock cache 1\n";
constexpr std::size_t k_head = k_magic.size() + 32;
constexpr std::size_t k_largest = 256U << 20U;

bool is_plain_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && name[0] != '.' && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

// Bucket and key are part of the sum: a file put under another name is damaged too.
std::string checksum(std::string_view bucket, std::string_view key, std::string_view value) {
    auto hasher = Hasher::create("sha256");
    if (!hasher) return {};
    hasher->update(std::to_string(key.size()));
    hasher->update(bucket);
    hasher->update(key);
    hasher->update(value);
    return hasher->finish();
}

std::optional<std::string> read_own_file(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat seen {};
    if (!fd || ::fstat(fd.get(), &seen) != 0 || !S_ISREG(seen.st_mode) || seen.st_uid != ::geteuid()) return std::nullopt;
    if (seen.st_size < static_cast<off_t>(k_head) || seen.st_size > static_cast<off_t>(k_largest)) return std::nullopt;
    std::string out(static_cast<std::size_t>(seen.st_size), '\0');
    std::size_t have = 0;
    while (have < out.size()) {
        const auto got = ::read(fd.get(), out.data() + have, out.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        have += static_cast<std::size_t>(got);
    }
    return out;
}

}  // namespace

std::optional<std::string> FolderCache::get(std::string_view bucket, std::string_view key) const {
    if (m_dir.empty() || !is_plain_name(bucket)) return std::nullopt;
    auto file = read_own_file(m_dir + "/" + std::string(bucket) + "/" + sha256_hex(key));
    if (!file || !file->starts_with(k_magic)) return std::nullopt;
    const auto value = std::string_view(*file).substr(k_head);
    if (std::string_view(*file).substr(k_magic.size(), 32) != checksum(bucket, key, value)) return std::nullopt;
    file->erase(0, k_head);
    return file;
}

void FolderCache::put(std::string_view bucket, std::string_view key, std::string_view value) {
    if (m_dir.empty() || !is_plain_name(bucket) || value.size() > k_largest - k_head) return;
    const auto folder = m_dir + "/" + std::string(bucket);
    if (::access(folder.c_str(), W_OK | X_OK) != 0 && !make_private_folders(folder)) return;
    std::string file(k_magic);
    file += checksum(bucket, key, value);
    file += value;
    // Best effort: a value that was not kept is asked for again.
    (void)replace_file(folder + "/" + sha256_hex(key), file, 0600, Durability::atomic);
}

}  // namespace envlock::host
