#include "rooted.hpp"

#include <envlock/base/path.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <system_error>

#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

namespace envlock::host {
namespace {

#ifdef O_PATH
constexpr int k_look_only = O_PATH;
#else
constexpr int k_look_only = O_RDONLY;
#endif
constexpr int k_always = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

// A NUL would silently cut the path short for the kernel.
bool has_nul(std::string_view path) { return path.find('\0') != std::string_view::npos; }

std::string inside(std::string_view path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    return path.empty() ? "." : std::string(path);
}

std::string absolute(std::string_view path) { return path.starts_with('/') ? std::string(path) : "/" + std::string(path); }

bool is_dots(std::string_view name) { return name.empty() || name == "." || name == ".."; }

int open_in_root(int root, const std::string& path, int flags) {
#if defined(__linux__) && defined(SYS_openat2)
    struct open_how how {};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    const long fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
    return fd >= 0 ? static_cast<int>(fd) : -errno;
#else
    (void)root, (void)path, (void)flags;
    return -ENOSYS;
#endif
}

std::string read_link(int dir, const std::string& name, std::size_t size_hint, int& error) {
    std::string out(std::min<std::size_t>(std::max<std::size_t>(size_hint + 1, 64), PATH_MAX), '\0');
    while (true) {
        const auto got = ::readlinkat(dir, name.c_str(), out.data(), out.size());
        if (got < 0) return error = errno, std::string();
        if (static_cast<std::size_t>(got) < out.size() || out.size() >= PATH_MAX) return error = 0, out.substr(0, static_cast<std::size_t>(got));
        out.resize(PATH_MAX);
    }
}

}  // namespace

Rooted::Rooted(std::string root) : m_root(resolve_lexically("/", root.empty() ? "/" : root)) {
    if (whole_disk()) return;
    // A relative root is relative to the working directory, so the text as given is opened.
    m_fd.reset(::open(root.c_str(), k_look_only | O_DIRECTORY | O_CLOEXEC));
    if (!m_fd) m_root_error = errno;
}

int Rooted::open(std::string_view path, int flags) const {
    if (has_nul(path)) return -ENOENT;
    flags |= k_always;
#ifdef O_PATH
    if ((flags & O_PATH) != 0) flags &= ~(O_NOCTTY | O_NONBLOCK);  // openat2 refuses the combination
#endif
    if (whole_disk()) {
        const int fd = ::open(absolute(path).c_str(), flags);
        return fd >= 0 ? fd : -errno;
    }
    if (!m_fd) return -m_root_error;
    int fd = open_in_root(m_fd.get(), inside(path), flags);
    for (int tries = 0; fd == -EAGAIN && tries < 8; ++tries) fd = open_in_root(m_fd.get(), inside(path), flags);
    // Old kernels and seccomp profiles do not know the call.
    if (fd == -ENOSYS || fd == -EPERM || fd == -EINVAL) return open_by_walk(absolute(path), flags);
    return fd;
}

// Without openat2: each component is looked at below a descriptor that no link was followed to reach.
int Rooted::open_by_walk(std::string path, int flags) const {
    constexpr int k_most_links = 40;
    std::string rest = resolve_lexically("/", path), done = ".";
    int links = 0;
    UniqueFd at(::openat(m_fd.get(), ".", k_look_only | O_DIRECTORY | O_CLOEXEC));
    if (!at) return -errno;
    while (rest.size() > 1) {
        const auto slash = rest.find('/', 1);
        const auto name = rest.substr(1, slash == std::string::npos ? slash : slash - 1);
        rest = slash == std::string::npos ? "" : rest.substr(slash);
        struct stat seen {};
        if (::fstatat(at.get(), name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0) return -errno;
        if (S_ISLNK(seen.st_mode)) {
            int error = 0;
            const auto target = read_link(at.get(), name, static_cast<std::size_t>(seen.st_size), error);
            if (error != 0) return -error;
            if (++links > k_most_links) return -ELOOP;
            rest = resolve_lexically(done == "." ? "/" : done.substr(1), target) + rest;
            done = ".";
            at.reset(::openat(m_fd.get(), ".", k_look_only | O_DIRECTORY | O_CLOEXEC));
            if (!at) return -errno;
            continue;
        }
        const bool last = rest.size() <= 1;
        const int fd = ::openat(at.get(), name.c_str(), (last ? flags : k_look_only | O_DIRECTORY | O_CLOEXEC) | O_NOFOLLOW);
        if (fd < 0) return -errno;
        if (last) return fd;
        at.reset(fd);
        done += "/" + name;
    }
    const int fd = ::openat(at.get(), ".", flags);
    return fd >= 0 ? fd : -errno;
}

UniqueFd Rooted::open_parent(std::string_view path, int& error) const {
    auto parent = parent_path(path);
    const int fd = open(parent.empty() ? "/" : parent, k_look_only | O_DIRECTORY);
    error = fd < 0 ? -fd : 0;
    return UniqueFd(fd < 0 ? -1 : fd);
}

int Rooted::lstat(std::string_view path, struct stat& out) const {
    if (has_nul(path)) return -ENOENT;
    if (whole_disk()) return ::lstat(absolute(path).c_str(), &out) == 0 ? 0 : -errno;
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    const auto name = file_name(path);
    if (is_dots(name)) return stat(path, out);  // ".." below the root's own descriptor would leave it
    int error = 0;
    const auto parent = open_parent(path, error);
    if (!parent) return -error;
    return ::fstatat(parent.get(), std::string(name).c_str(), &out, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : -errno;
}

int Rooted::stat(std::string_view path, struct stat& out) const {
    if (has_nul(path)) return -ENOENT;
    if (whole_disk()) return ::stat(absolute(path).c_str(), &out) == 0 ? 0 : -errno;
    const int fd = open(path, k_look_only);
    if (fd < 0) return fd;
    const UniqueFd owned(fd);
    return ::fstat(fd, &out) == 0 ? 0 : -errno;
}

Result<std::string> Rooted::readlink(std::string_view path, std::size_t size_hint) const {
    int error = 0;
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    const auto parent = open_parent(path, error);
    if (!parent) return tl::make_unexpected(file_error(error, path));
    auto out = read_link(parent.get(), std::string(file_name(path)), size_hint, error);
    if (error != 0) return tl::make_unexpected(file_error(error, path));
    return out;
}

FileKind kind_of(unsigned mode) {
    if (S_ISREG(mode)) return FileKind::regular;
    if (S_ISDIR(mode)) return FileKind::directory;
    if (S_ISLNK(mode)) return FileKind::symlink;
    return FileKind::other;
}

FileInfo to_info(const struct stat& from) {
#ifdef __APPLE__
    const auto &modified = from.st_mtimespec, &changed = from.st_ctimespec;
#else
    const auto &modified = from.st_mtim, &changed = from.st_ctim;
#endif
    const auto nanoseconds = [](const timespec& t) { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; };
    FileInfo out;
    out.kind = kind_of(from.st_mode);
    out.device = static_cast<std::uint64_t>(from.st_dev);
    out.inode = static_cast<std::uint64_t>(from.st_ino);
    out.size = static_cast<std::uint64_t>(from.st_size);
    out.links = static_cast<std::uint64_t>(from.st_nlink);
    out.mtime_ns = nanoseconds(modified);
    out.ctime_ns = nanoseconds(changed);
    out.mode = static_cast<std::uint32_t>(from.st_mode & 07777U);
    return out;
}

Error file_error(int error, std::string_view path) {
    const bool missing = error == ENOENT || error == ENOTDIR;
    return {missing ? ErrorCode::file_missing : ErrorCode::file_unreadable, std::string(path),
            missing ? std::string() : std::generic_category().message(error)};
}

}  // namespace envlock::host
