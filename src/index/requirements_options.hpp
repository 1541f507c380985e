#pragma once

#include <envlock/ports/file_tree.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

// One option of a line that holds options only; `name` is pip's long one, without dashes.
struct RequirementsOption {
    std::string name, value;
    std::string folder;  // of the file that says it
    std::string origin;  // that file, as it is named from the project
};

struct RequirementsOptions {
    std::vector<RequirementsOption> options;
    std::vector<std::string> warnings;
};

// The options of one requirements file as pip reads it: lines joined by '\', comments, "${NAME}" of the
// environment (capital letters, digits and '_'; never ENVLOCK_*, whose secrets are for envlock alone),
// shell quoting, abbreviated long options, a BOM. Options beside a requirement are that requirement's.
// A file that is named by -r or -c is an option "requirement" or "constraint" here; on such a line pip
// looks at nothing else.
RequirementsOptions parse_requirements_options(std::string_view text, const std::map<std::string, std::string>& environment);

// The same with every file that it includes, in place. Each file counts once, 16 deep and 100 in all, up
// to 4 MiB each; only regular files are read and no URL is.
RequirementsOptions read_requirements_options(const FileTree& files, const std::string& path, std::string_view project_root,
                                              const std::map<std::string, std::string>& environment);

// Each requirements*.txt and requirements*.in that lies in the project's folder, by name.
std::vector<RequirementsOptions> project_requirements(const FileTree& files, std::string_view project_root,
                                                      const std::map<std::string, std::string>& environment);

}  // namespace envlock::index
