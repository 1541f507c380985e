#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace envlock {

enum class FileKind : std::uint8_t { regular, directory, symlink, other };

struct FileInfo {
    FileKind kind{};
    std::uint64_t device = 0, inode = 0, size = 0, links = 1;
    std::int64_t mtime_ns = 0, ctime_ns = 0;
    std::uint32_t mode = 0;
    std::string target;  // of a symlink, verbatim
};

struct DirEntry {
    std::string name;  // bytes
    FileKind kind{};   // of the entry itself, not of what a link points to
};

// An opened regular file, for formats that are read in pieces.
class OpenFile {
public:
    virtual ~OpenFile() = default;
    virtual std::uint64_t size() const = 0;
    // Exactly `length` bytes at `offset`, or an Error: a short read is an Error.
    virtual Result<std::string> read_at(std::uint64_t offset, std::size_t length) const = 0;
};

// A read-only tree of files seen from its own root: the real disk ("/"), a fake machine (a
// sysroot), or a map in memory. Paths are absolute from that root ("/proc/version"). Symlinks
// are resolved as if the root were "/" (openat2 RESOLVE_IN_ROOT), so nothing leaves the root.
// `info` does not follow the last component; the others do. Only regular files are ever opened,
// without blocking on FIFOs and devices. Reading is capped: larger is file_too_large.
class FileTree {
public:
    virtual ~FileTree() = default;

    virtual Result<FileInfo> info(std::string_view path) const = 0;   // lstat
    virtual Result<std::string> read(std::string_view path, std::size_t max_bytes = 16U << 20U) const = 0;
    virtual Result<std::vector<DirEntry>> list(std::string_view dir) const = 0;  // sorted by name, no "." and ".."
    virtual Result<std::unique_ptr<OpenFile>> open(std::string_view path) const = 0;

    // True when `path`, links followed, can be listed or opened; absence and no access are both false.
    bool is_directory(std::string_view path) const;
    bool is_regular(std::string_view path) const;
    // The path with every symlink resolved inside this root; Error when something is missing or loops.
    Result<std::string> real_path(std::string_view path) const;
};

}  // namespace envlock
