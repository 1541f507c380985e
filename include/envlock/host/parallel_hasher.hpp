#pragma once

#include <envlock/ports/tree_hasher.hpp>

#include <memory>
#include <string>

namespace envlock::host {

// A TreeHasher over the disk below `root`, on `threads` threads (0: one per core). The hash cache
// is read from `cache_file` and written back, merged and in one step, when the hasher is destroyed;
// "" keeps none. A cache file that is damaged or of another kind is ignored and replaced.
std::unique_ptr<TreeHasher> make_tree_hasher(std::string root, std::string cache_file, unsigned threads = 0);

}  // namespace envlock::host
