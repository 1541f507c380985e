#pragma once

#include <envlock/ports/tree_hasher.hpp>

#include <memory>

namespace envlock::host {

// A TreeHasher over the disk below `root`, with `threads` workers (0: one a core) and the hash
// cache in `cache_file` ("" = none). The cache is read when first needed and written, if it
// changed, when the hasher is destroyed. A damaged or foreign cache file is ignored.
std::unique_ptr<TreeHasher> make_tree_hasher(std::string root, std::string cache_file, unsigned threads = 0);

}  // namespace envlock::host
