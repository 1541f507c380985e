#pragma once

#include <envlock/ports/file_tree.hpp>

#include <span>

namespace envlock {

struct HashRequest {
    std::string path;              // absolute in the tree's root
    std::string algorithm;         // hashlib's name, "sha256"
    std::int64_t max_size = -1;    // a larger file is not read: state `modified_size`; -1: no cap
};

enum class HashState : std::uint8_t {
    hashed,
    missing,
    unreadable,
    not_regular,    // directory, FIFO, device, socket
    too_large,      // larger than max_size: not read
    unstable,       // changed while it was read, twice
    unsupported,    // no such algorithm
};

struct HashOutcome {
    HashState state{};
    FileInfo info;       // of the file that was hashed (links followed); info.links > 1 tells a hard link
    std::string digest;  // raw bytes
    bool from_cache = false;
    bool via_symlink = false;  // the last component was a symlink
};

enum class Freshness : std::uint8_t { cached, full };  // use the hash cache, or hash everything again

// Hashes many files on all cores, streamed (memory does not grow with file size).
// Results are in the order of the requests. The cache key is (device, inode, size, mtime, ctime)
// plus algorithm; a file modified within the last seconds is never trusted from, nor written to,
// the cache (git's "racy" rule).
class TreeHasher {
public:
    virtual ~TreeHasher() = default;
    virtual std::vector<HashOutcome> hash(std::span<const HashRequest> requests, Freshness freshness) = 0;
};

}  // namespace envlock
