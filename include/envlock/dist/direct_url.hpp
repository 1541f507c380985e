#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace envlock {

enum class DirectKind : std::uint8_t { vcs, archive, directory };

// direct_url.json (PEP 610): where a distribution came from when it was not an index. URLs are
// redacted while they are read; nothing here holds a credential.
struct DirectUrl {
    std::string url;  // redacted
    DirectKind kind = DirectKind::archive;
    std::string vcs, commit_id, requested_revision;   // vcs
    std::map<std::string, std::string> hashes;        // archive: algorithm → lower-case hex, well-formed only
    bool conflicting_hash = false;                    // the old `hash` and the new `hashes` disagree
    bool editable = false;                            // directory
    std::string subdirectory;
};

// Error when it is no JSON object, has no url, or not exactly one of the three infos.
Result<DirectUrl> parse_direct_url(std::string_view text, std::string_view subject);

}  // namespace envlock
