#include <envlock/host/atomic_file.hpp>

#include "replace_file.hpp"
#include "unique_fd.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <random>
#include <system_error>

namespace envlock::host {
namespace {

auto write_error(const std::string& path, int error) {
    return fail(ErrorCode::write_failed, path, std::generic_category().message(error));
}

std::string random_name() {
    std::random_device device;
    std::string raw;
    for (int i = 0; i < 3; ++i) {
        const auto word = device();
        raw.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    return ".envlock-" + to_hex(raw) + ".tmp";
}

// The temporary file: gone again unless it was renamed.
class Scratch {
public:
    Scratch(int dir, std::string name) : m_dir(dir), m_name(std::move(name)) {}
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        if (!m_name.empty()) ::unlinkat(m_dir, m_name.c_str(), 0);
    }
    const char* name() const { return m_name.c_str(); }
    void keep() { m_name.clear(); }

private:
    int m_dir;
    std::string m_name;
};

int write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return put == 0 ? ENOSPC : errno;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return 0;
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view bytes, unsigned mode, Durability durability) {
    const std::string name(file_name(path));
    if (name.empty() || name == "." || name == ".." || path.find('\0') != std::string::npos) return write_error(path, EINVAL);
    const std::string parent(parent_path(path));
    const UniqueFd dir(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir) return write_error(path, errno);

    auto temporary = random_name();
    UniqueFd file(::openat(dir.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return write_error(path, errno);
    Scratch scratch(dir.get(), std::move(temporary));
    if (const int error = write_all(file.get(), bytes); error != 0) return write_error(path, error);
    if (::fchmod(file.get(), static_cast<mode_t>(mode & 07777U)) != 0) return write_error(path, errno);
    if (durability == Durability::synced && ::fsync(file.get()) != 0) return write_error(path, errno);
    if (::close(file.release()) != 0) return write_error(path, errno);  // where NFS reports a full disk
    if (::renameat(dir.get(), scratch.name(), dir.get(), name.c_str()) != 0) return write_error(path, errno);
    scratch.keep();
    // Some file systems cannot sync a folder; the file itself is safe by now.
    if (durability == Durability::synced && ::fsync(dir.get()) != 0 && errno != EINVAL && errno != ENOTSUP) return write_error(path, errno);
    return {};
}

bool make_private_folders(const std::string& dir) {
    for (std::size_t at = 1; at <= dir.size(); ++at) {
        if (at != dir.size() && dir[at] != '/') continue;
        if (::mkdir(dir.substr(0, at).c_str(), 0700) != 0 && errno != EEXIST && at == dir.size()) return false;
    }
    return !dir.empty();
}

Result<void> write_atomically(const std::string& path, std::string_view bytes, unsigned mode) {
    return replace_file(path, bytes, mode, Durability::synced);
}

}  // namespace envlock::host
