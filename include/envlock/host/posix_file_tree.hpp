#pragma once

#include <envlock/ports/file_tree.hpp>

namespace envlock::host {

// The disk below `root` ("/" for this machine, another folder for a sysroot). Everything is
// opened read-only, without blocking on FIFOs, and only regular files are read.
class PosixFileTree final : public FileTree {
public:
    explicit PosixFileTree(std::string root = "/");
    Result<FileInfo> info(std::string_view path) const override;
    Result<std::string> read(std::string_view path, std::size_t max_bytes) const override;
    Result<std::vector<DirEntry>> list(std::string_view dir) const override;
    Result<std::unique_ptr<OpenFile>> open(std::string_view path) const override;

private:
    std::string m_root;  // "" for "/", else without a trailing slash
    // The path on the real disk; inside a sysroot every link is resolved first, so that the
    // kernel has none left to follow out of it.
    Result<std::string> on_disk(std::string_view path, bool follow_last) const;
};

}  // namespace envlock::host
