#pragma once

#include "unique_fd.hpp"

#include <envlock/base/result.hpp>
#include <envlock/ports/file_tree.hpp>

#include <sys/stat.h>

#include <string>
#include <string_view>

namespace envlock::host {

// The system calls of a file tree below one root. Every function follows links as if the root
// were "/", returns 0 or a descriptor on success, and -errno on failure. Safe to use from many threads.
class Rooted {
public:
    explicit Rooted(std::string root);

    int open(std::string_view path, int flags) const;  // O_CLOEXEC, O_NOCTTY and O_NONBLOCK are added
    int lstat(std::string_view path, struct stat& out) const;
    int stat(std::string_view path, struct stat& out) const;
    Result<std::string> readlink(std::string_view path, std::size_t size_hint) const;

private:
    bool whole_disk() const { return m_root == "/"; }
    UniqueFd open_parent(std::string_view path, int& error) const;
    int open_by_walk(std::string path, int flags) const;

    std::string m_root;
    UniqueFd m_fd;
    int m_root_error = 0;
};

FileInfo to_info(const struct stat& from);
FileKind kind_of(unsigned mode);
// file_missing for what is not there, file_unreadable with the system's words for the rest. `error` is an errno.
Error file_error(int error, std::string_view path);

}  // namespace envlock::host
