#pragma once

#include <envlock/ports/file_tree.hpp>

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace envlock::host {

inline FileKind kind_of(mode_t mode) {
    if (S_ISREG(mode)) return FileKind::regular;
    if (S_ISDIR(mode)) return FileKind::directory;
    return S_ISLNK(mode) ? FileKind::symlink : FileKind::other;
}

inline void fill(FileInfo& out, const struct stat& seen) {
#if defined(__APPLE__)
    const auto& modified = seen.st_mtimespec;
    const auto& changed = seen.st_ctimespec;
#else
    const auto& modified = seen.st_mtim;
    const auto& changed = seen.st_ctim;
#endif
    out.kind = kind_of(seen.st_mode);
    out.device = static_cast<std::uint64_t>(seen.st_dev);
    out.inode = static_cast<std::uint64_t>(seen.st_ino);
    out.size = static_cast<std::uint64_t>(seen.st_size);
    out.links = static_cast<std::uint64_t>(seen.st_nlink);
    out.mtime_ns = std::int64_t{modified.tv_sec} * 1'000'000'000 + modified.tv_nsec;
    out.ctime_ns = std::int64_t{changed.tv_sec} * 1'000'000'000 + changed.tv_nsec;
    out.mode = seen.st_mode & 07777U;
}

// Absence and "no access" are different facts.
inline Error error_from(int number, std::string_view path) {
    const bool missing = number == ENOENT || number == ENOTDIR;
    return {missing ? ErrorCode::file_missing : ErrorCode::file_unreadable, std::string(path), missing ? "" : std::strerror(number)};
}

}  // namespace envlock::host
