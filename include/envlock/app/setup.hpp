#pragma once

#include <envlock/layer/layer.hpp>
#include <envlock/model/policy.hpp>
#include <envlock/ports/file_tree.hpp>

namespace envlock::app {

struct PlannedFile {
    std::string path;  // relative to the project root
    std::string bytes;
    std::string what;  // one clause for a person
};

struct InitPlan {
    std::vector<PlannedFile> write;
    std::vector<std::string> kept;  // files that exist and stay as they are
};

// What `init` would write: envlock.toml with the direct requirements filled in, the .gitattributes
// line that keeps git from changing the signed bytes, and an empty trust store. Existing files are
// kept; .gitattributes gets its line appended. With `force` envlock.toml is written again.
InitPlan plan_init(const FileTree& files, const Project& project, bool force);

// The policy of the project: envlock.toml (or `file`), or the defaults when there is none.
Result<Policy> load_policy(const FileTree& files, const Project& project, const std::string& file);

}  // namespace envlock::app
