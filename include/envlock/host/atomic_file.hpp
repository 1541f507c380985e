#pragma once

#include <envlock/base/result.hpp>

#include <string>
#include <string_view>

namespace envlock::host {

// Replaces `path` by `bytes` in one step: whoever opens it sees the old file or the new one, whole,
// also after a full disk, a kill or a power cut. The folder must exist. A symlink at `path` is
// replaced, not followed. `mode` is set as given, whatever the umask. An Error (write_failed)
// leaves the old file and no temporary one.
Result<void> write_atomically(const std::string& path, std::string_view bytes, unsigned mode = 0644);

}  // namespace envlock::host
