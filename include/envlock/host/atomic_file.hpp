#pragma once

#include <envlock/base/result.hpp>

#include <string>
#include <string_view>

namespace envlock::host {

// Replaces `path` by `bytes` as one step: whatever happens (full disk, a kill, a crash), a reader
// sees the old file or the new one, whole. The new bytes are on the disk before the name changes.
// A symlink at `path` is replaced, not followed. On failure the temporary file is removed.
Result<void> write_atomically(const std::string& path, std::string_view bytes, unsigned mode = 0644);

}  // namespace envlock::host
