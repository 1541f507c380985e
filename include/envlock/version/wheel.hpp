#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock {

struct WheelName {
    std::string name;               // normalised (PEP 503)
    std::string version;            // as the file name spells it; PEP 440
    std::string build;              // "" when there is none
    std::vector<std::string> tags;  // expanded, lower case, sorted, unique: "cp312-abi3-win32"
};

// name-version(-build)?-python-abi-platform.whl; nullopt for anything else, a version that is not
// PEP 440 and characters that could be a path included.
std::optional<WheelName> parse_wheel_name(std::string_view filename);

// "py2.py3-none-any" → {"py2-none-any", "py3-none-any"}: lower case, sorted, unique. Empty when
// this is no tag, or one that stands for more than 1024.
std::vector<std::string> expand_tags(std::string_view compressed);

struct SdistName {
    std::string name;     // normalised
    std::string version;  // as the file name spells it; PEP 440
};

// A source distribution of `project` (normalised): a file name alone does not say where the name
// ends ("example-1-1.0.tar.gz"). Old archive endings (.tgz, .tar.bz2, …) are known too.
std::optional<SdistName> parse_sdist_name(std::string_view filename, std::string_view project);

// The file name without its archive ending, or nullopt when it has none that an sdist may have.
std::optional<std::string_view> sdist_stem(std::string_view filename);

}  // namespace envlock
