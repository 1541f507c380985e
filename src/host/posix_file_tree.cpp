#include <envlock/host/posix_file_tree.hpp>

#include "host/descriptor.hpp"
#include "host/file_facts.hpp"

#include <envlock/base/path.hpp>

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <climits>

namespace envlock::host {
namespace {

constexpr int k_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

class DiskFile final : public OpenFile {
public:
    DiskFile(Descriptor file, std::uint64_t size, std::string path) : m_file(std::move(file)), m_size(size), m_path(std::move(path)) {}
    std::uint64_t size() const override { return m_size; }
    Result<std::string> read_at(std::uint64_t offset, std::size_t length) const override {
        if (offset > m_size || length > m_size - offset) return fail(ErrorCode::file_unreadable, m_path, "it ends before offset " + std::to_string(offset + length));
        std::string out(length, '\0');
        std::size_t done = 0;
        while (done < length) {
            const auto got = ::pread(m_file.get(), out.data() + done, length - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return tl::make_unexpected(error_from(errno, m_path));
            if (got == 0) return fail(ErrorCode::file_unreadable, m_path, "it became shorter while it was read");
            done += static_cast<std::size_t>(got);
        }
        return out;
    }

private:
    Descriptor m_file;
    std::uint64_t m_size;
    std::string m_path;
};

struct Opened {
    Descriptor file;
    std::uint64_t size = 0;
};

Result<Opened> open_regular(const std::string& disk_path, std::string_view shown) {
    if (disk_path.find('\0') != std::string::npos) return fail(ErrorCode::file_missing, std::string(shown), "NUL in the path");
    Descriptor file(::open(disk_path.c_str(), k_flags));
    if (!file) return tl::make_unexpected(error_from(errno, shown));
    struct stat seen {};
    if (::fstat(file.get(), &seen) != 0) return tl::make_unexpected(error_from(errno, shown));
    if (!S_ISREG(seen.st_mode)) return fail(ErrorCode::file_not_regular, std::string(shown));
    return Opened{std::move(file), static_cast<std::uint64_t>(seen.st_size)};
}

// Reads to the end, whatever fstat said: files of /proc and /sys have size 0.
Result<std::string> read_all(const Descriptor& file, std::uint64_t size, std::size_t max_bytes, std::string_view shown) {
    const auto too_large = [&] { return fail(ErrorCode::file_too_large, std::string(shown), "more than " + std::to_string(max_bytes) + " bytes"); };
    if (size > max_bytes) return too_large();
    std::string out(static_cast<std::size_t>(size) + 4096, '\0');
    std::size_t done = 0;
    while (true) {
        if (done == out.size()) out.resize(out.size() * 2);
        const auto got = ::read(file.get(), out.data() + done, out.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::make_unexpected(error_from(errno, shown));
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
        if (done > max_bytes) return too_large();
    }
    out.resize(done);
    return out;
}

FileKind kind_of_entry(int dir, const dirent& entry) {
    switch (entry.d_type) {
        case DT_REG: return FileKind::regular;
        case DT_DIR: return FileKind::directory;
        case DT_LNK: return FileKind::symlink;
        case DT_UNKNOWN: {
            struct stat seen {};
            if (::fstatat(dir, entry.d_name, &seen, AT_SYMLINK_NOFOLLOW) == 0) return kind_of(seen.st_mode);
            return FileKind::other;
        }
        default: return FileKind::other;
    }
}

}  // namespace

PosixFileTree::PosixFileTree(std::string root) : m_root(root == "/" ? "" : resolve_lexically("/", root)) {}

Result<std::string> PosixFileTree::on_disk(std::string_view path, bool follow_last) const {
    if (m_root.empty()) return std::string(path);
    if (follow_last) return m_root + ENVLOCK_TRY(real_path(path));
    const auto clean = resolve_lexically("/", path);
    const auto parent = parent_path(clean);
    if (parent == "/") return m_root + clean;
    return join(m_root + ENVLOCK_TRY(real_path(parent)), file_name(clean));
}

Result<FileInfo> PosixFileTree::info(std::string_view path) const {
    const auto disk = ENVLOCK_TRY(on_disk(path, false));
    struct stat seen {};
    if (disk.find('\0') != std::string::npos || ::lstat(disk.c_str(), &seen) != 0) return tl::make_unexpected(error_from(errno, path));
    FileInfo out;
    fill(out, seen);
    if (out.kind != FileKind::symlink) return out;
    std::array<char, PATH_MAX> target{};
    const auto length = ::readlink(disk.c_str(), target.data(), target.size());
    if (length < 0) return tl::make_unexpected(error_from(errno, path));
    out.target.assign(target.data(), static_cast<std::size_t>(length));
    return out;
}

Result<std::string> PosixFileTree::read(std::string_view path, std::size_t max_bytes) const {
    const auto opened = ENVLOCK_TRY(open_regular(ENVLOCK_TRY(on_disk(path, true)), path));
    return read_all(opened.file, opened.size, max_bytes, path);
}

Result<std::unique_ptr<OpenFile>> PosixFileTree::open(std::string_view path) const {
    auto opened = ENVLOCK_TRY(open_regular(ENVLOCK_TRY(on_disk(path, true)), path));
    return std::make_unique<DiskFile>(std::move(opened.file), opened.size, std::string(path));
}

Result<std::vector<DirEntry>> PosixFileTree::list(std::string_view dir) const {
    const auto disk = ENVLOCK_TRY(on_disk(dir, true));
    const int number = ::open(disk.empty() ? "/" : disk.c_str(), k_flags | O_DIRECTORY);
    if (number < 0) return tl::make_unexpected(error_from(errno, dir));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(number), ::closedir);
    if (!stream) {
        ::close(number);
        return tl::make_unexpected(error_from(errno, dir));
    }
    std::vector<DirEntry> out;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
        const std::string_view name(entry->d_name);
        if (name != "." && name != "..") out.push_back({std::string(name), kind_of_entry(number, *entry)});
        errno = 0;
    }
    if (errno != 0) return tl::make_unexpected(error_from(errno, dir));
    std::ranges::sort(out, {}, &DirEntry::name);
    return out;
}

}  // namespace envlock::host
