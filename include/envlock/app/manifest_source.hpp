#pragma once

#include <envlock/base/result.hpp>
#include <envlock/model/manifest.hpp>
#include <envlock/ports/file_tree.hpp>
#include <envlock/ports/process_runner.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace envlock::app {

// A manifest as it was found: the bytes, what they say, and the signature beside them.
struct FoundManifest {
    std::string name;   // as the user wrote it: "envlock.lock", "git:HEAD", "-"
    std::string file;   // path relative to the project for locations; "" when there is none
    std::string bytes;
    std::optional<std::string> signature;  // bytes of the .sig beside it
    Manifest manifest;
    std::map<std::string, std::int64_t> lines;  // "python/numpy" → line
};

struct ManifestPlace {
    const FileTree& files;
    const ProcessRunner& processes;
    std::string root;       // project
    std::string directory;  // what relative file names start from
    std::string profile;    // "default" or another
    std::function<Result<std::string>()> standard_input;
};

// "envlock.lock", or "envlock.<profile>.lock".
std::string manifest_name(std::string_view profile);

// A path, "-" (standard input), "git:REF" or "git:REF:PATH". Reads at most 64 MiB. Git runs with
// hooks and the file-system monitor off, so that nothing of the repository is executed.
Result<FoundManifest> load_manifest(const ManifestPlace& place, std::string_view reference);

}  // namespace envlock::app
