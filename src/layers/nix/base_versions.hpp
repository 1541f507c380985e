#pragma once

#include <envlock/layer/layer.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::nix {

struct BaseVersion {
    std::string version;
    std::string source;  // the store path it was read in
    bool operator==(const BaseVersion&) const = default;
};

struct BaseVersions {
    std::map<std::string, BaseVersion> by_name;  // normalised names
    // How they were found, the surest way that gave any: "shell" (store paths that the running
    // shell names), "interpreter-env" (packages inside the playground's own interpreter), "store"
    // (the only version of that name in the store: likely, not certain), "none".
    std::string method = "none";
    std::vector<Note> notes;
};

// Which version of each Python distribution the base provides for that Python ("3.11"). Read from
// the metadata of installed packages, never guessed from a name: what is not certain is left out.
BaseVersions find_base_versions(const ProbeContext& context, std::string_view python_version);

}  // namespace envlock::nix
