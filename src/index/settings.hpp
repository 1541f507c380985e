#pragma once

#include <envlock/index/config.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

using Environment = std::map<std::string, std::string>;

// Where settings are looked for.
struct Surroundings {
    const FileTree& files;
    const Environment& environment;
    std::string_view project_root, venv;

    std::string variable(const std::string& name) const;  // "" when not set
    std::string home() const { return variable("HOME"); }
};

// What one tool is set up with. `main` is its main index when one is named.
struct ToolSettings {
    std::optional<IndexUrl> main;
    std::vector<IndexUrl> indexes;  // beside the main one
    std::vector<LinksPlace> find_links;
    std::vector<std::string> trusted_hosts;
    std::string ca_file, client_cert, proxy, no_proxy;
    bool no_index = false;
    bool configured = false;  // says anything about where packages come from
    std::vector<std::string> warnings;
};

// The caller's own flags, in pip's spelling.
struct Flags {
    std::string index_url, cert, client_cert, proxy;
    std::vector<std::string> extra, find_links, trusted;
    bool no_index = false;
};
Flags parse_flags(const std::vector<std::string>& arguments);

// Configuration files, environment and requirements files; not the flags, except that a flag's
// --index-url counts in place of a requirements file's.
ToolSettings pip_settings(const Surroundings& here, const Flags& flags);
ToolSettings uv_settings(const Surroundings& here);

// A find-links value: relative paths start from `folder`, "~" is the home folder. nullopt with a warning
// when it is no http(s) URL and nothing lies there, which the tools ignore as well.
std::optional<LinksPlace> links_place(const Surroundings& here, std::string_view value, std::string_view folder, const std::string& origin,
                                      std::vector<std::string>& warnings);

// A path of a setting: "~" and relative paths resolved; "" stays "".
std::string path_setting(const Surroundings& here, std::string_view value, std::string_view folder);

// A setting for a warning; one that is no URL, and so cannot be redacted, is left out when it could hold a password.
std::string shown_value(std::string_view value);

bool is_http(std::string_view url);
std::string percent_decode(std::string_view text);
std::vector<std::string> words(std::string_view text);  // split at white space
bool is_yes(std::string_view text);                     // y, yes, t, true, on, 1

}  // namespace envlock::index
