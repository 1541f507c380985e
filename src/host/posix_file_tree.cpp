#include <envlock/host/posix_file_tree.hpp>

#include "rooted.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>

namespace envlock::host {
namespace {

constexpr std::size_t k_most_entries = 4'000'000;

struct Opened {
    UniqueFd fd;
    std::uint64_t size = 0;
};

Result<Opened> open_regular(const Rooted& rooted, std::string_view path) {
    const int fd = rooted.open(path, O_RDONLY);
    // A socket cannot be opened at all; a FIFO and a device can, which is why fstat comes next.
    if (fd == -ENXIO) return fail(ErrorCode::file_not_regular, std::string(path));
    if (fd < 0) return tl::make_unexpected(file_error(-fd, path));
    Opened out{UniqueFd(fd), 0};
    struct stat seen {};
    if (::fstat(fd, &seen) != 0) return tl::make_unexpected(file_error(errno, path));
    if (!S_ISREG(seen.st_mode)) return fail(ErrorCode::file_not_regular, std::string(path));
    out.size = static_cast<std::uint64_t>(seen.st_size);
    return out;
}

class PosixOpenFile final : public OpenFile {
public:
    PosixOpenFile(Opened opened, std::string path) : m_opened(std::move(opened)), m_path(std::move(path)) {}
    std::uint64_t size() const override { return m_opened.size; }
    Result<std::string> read_at(std::uint64_t offset, std::size_t length) const override {
        if (offset > m_opened.size || length > m_opened.size - offset) return fail(ErrorCode::file_unreadable, m_path, "short read");
        std::string out(length, '\0');
        std::size_t have = 0;
        while (have < length) {
            const auto got = ::pread(m_opened.fd.get(), out.data() + have, length - have, static_cast<off_t>(offset + have));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return tl::make_unexpected(file_error(errno, m_path));
            if (got == 0) return fail(ErrorCode::file_unreadable, m_path, "short read");
            have += static_cast<std::size_t>(got);
        }
        return out;
    }

private:
    Opened m_opened;
    std::string m_path;
};

FileKind kind_of_entry(int dir, const dirent& entry) {
    switch (entry.d_type) {
        case DT_REG: return FileKind::regular;
        case DT_DIR: return FileKind::directory;
        case DT_LNK: return FileKind::symlink;
        case DT_UNKNOWN: break;  // some file systems do not say
        default: return FileKind::other;
    }
    struct stat seen {};
    return ::fstatat(dir, entry.d_name, &seen, AT_SYMLINK_NOFOLLOW) == 0 ? kind_of(seen.st_mode) : FileKind::other;
}

}  // namespace

PosixFileTree::PosixFileTree(std::string root) : m_rooted(std::make_unique<Rooted>(std::move(root))) {}
PosixFileTree::~PosixFileTree() = default;

Result<FileInfo> PosixFileTree::info(std::string_view path) const {
    struct stat seen {};
    if (const int rc = m_rooted->lstat(path, seen); rc < 0) return tl::make_unexpected(file_error(-rc, path));
    auto out = to_info(seen);
    if (out.kind == FileKind::symlink) out.target = ENVLOCK_TRY(m_rooted->readlink(path, out.size));
    return out;
}

Result<std::string> PosixFileTree::read(std::string_view path, std::size_t max_bytes) const {
    const auto opened = ENVLOCK_TRY(open_regular(*m_rooted, path));
    if (opened.size > max_bytes) return fail(ErrorCode::file_too_large, std::string(path), std::to_string(opened.size) + " bytes");
    // Files below /proc and /sys say 0 (or a page) and hold something else, so the size is only a hint,
    // and a file that grows meanwhile still meets the cap.
    constexpr std::size_t k_least_room = 4096;
    std::string out(std::max<std::size_t>(static_cast<std::size_t>(opened.size) + 1, opened.size == 0 ? k_least_room : 1), '\0');
    std::size_t have = 0;
    while (true) {
        if (have == out.size()) out.resize(out.size() * 2);
        const auto got = ::read(opened.fd.get(), out.data() + have, out.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::make_unexpected(file_error(errno, path));
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
        if (have > max_bytes) return fail(ErrorCode::file_too_large, std::string(path), "more than " + std::to_string(max_bytes) + " bytes");
    }
    out.resize(have);
    return out;
}

Result<std::vector<DirEntry>> PosixFileTree::list(std::string_view dir) const {
    const int fd = m_rooted->open(dir, O_RDONLY | O_DIRECTORY);
    if (fd < 0) return tl::make_unexpected(file_error(-fd, dir));
    UniqueFd owned(fd);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd), ::closedir);
    if (!stream) return tl::make_unexpected(file_error(errno, dir));
    owned.release();  // closedir closes it
    std::vector<DirEntry> out;
    while (true) {
        errno = 0;
        const auto* entry = ::readdir(stream.get());
        if (entry == nullptr) break;
        const std::string_view name(entry->d_name);
        if (name == "." || name == "..") continue;
        if (out.size() == k_most_entries) return fail(ErrorCode::file_too_large, std::string(dir), "too many entries");
        out.push_back({std::string(name), kind_of_entry(fd, *entry)});
    }
    if (errno != 0) return tl::make_unexpected(file_error(errno, dir));
    std::sort(out.begin(), out.end(), [](const DirEntry& a, const DirEntry& b) { return a.name < b.name; });
    return out;
}

Result<std::unique_ptr<OpenFile>> PosixFileTree::open(std::string_view path) const {
    auto opened = ENVLOCK_TRY(open_regular(*m_rooted, path));
    return std::make_unique<PosixOpenFile>(std::move(opened), std::string(path));
}

}  // namespace envlock::host
