#pragma once

#include <envlock/ports/file_tree.hpp>

#include <memory>

namespace envlock::host {

class Rooted;

// The disk as a FileTree: all of it, or a folder that plays the part of "/" (a sysroot), which
// no link and no ".." leaves. What is missing is file_missing; what may not be read is
// file_unreadable with the system's words. May be used from several threads.
class PosixFileTree final : public FileTree {
public:
    explicit PosixFileTree(std::string root = "/");
    ~PosixFileTree() override;

    Result<FileInfo> info(std::string_view path) const override;
    Result<std::string> read(std::string_view path, std::size_t max_bytes = 16U << 20U) const override;
    Result<std::vector<DirEntry>> list(std::string_view dir) const override;
    Result<std::unique_ptr<OpenFile>> open(std::string_view path) const override;

private:
    std::unique_ptr<Rooted> m_rooted;
};

}  // namespace envlock::host
