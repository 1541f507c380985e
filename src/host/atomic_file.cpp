#include <envlock/host/atomic_file.hpp>

#include "host/descriptor.hpp"

#include <envlock/base/path.hpp>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace envlock::host {
namespace {

std::string random_suffix() {
    std::array<unsigned char, 12> bytes{};
    if (::getentropy(bytes.data(), bytes.size()) != 0) return std::to_string(::getpid());
    std::string out;
    for (const auto byte : bytes) out += "abcdefghijklmnopqrstuvwxyz012345"[byte & 31U];
    return out;
}

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto done = ::write(file, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

}  // namespace

Result<void> write_atomically(const std::string& path, std::string_view bytes, unsigned mode) {
    const auto failed = [&] { return fail(ErrorCode::write_failed, path, std::strerror(errno)); };
    const std::string name(file_name(path));
    auto folder = std::string(parent_path(path));
    if (folder.empty()) folder = ".";
    const Descriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir) return failed();
    const auto temporary = "." + name + "." + random_suffix() + ".tmp";
    const Descriptor file(::openat(dir.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return failed();
    const bool written = write_all(file.get(), bytes) && ::fchmod(file.get(), static_cast<mode_t>(mode)) == 0 && ::fsync(file.get()) == 0 &&
                         ::renameat(dir.get(), temporary.c_str(), dir.get(), name.c_str()) == 0;
    if (!written) {
        const int reason = errno;
        ::unlinkat(dir.get(), temporary.c_str(), 0);
        errno = reason;
        return failed();
    }
    ::fsync(dir.get());  // a failure here loses at most the newer of two whole files
    return {};
}

}  // namespace envlock::host
