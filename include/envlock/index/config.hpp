#pragma once

#include <envlock/ports/file_tree.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

struct IndexUrl {
    std::string url;          // without user information, ends with '/'
    std::string credentials;  // "user:password", decoded, or ""; never printed or stored
    std::string origin;       // "/etc/pip.conf", "PIP_INDEX_URL", "--index-url", "default"
};

// Where packages come from, as pip is set up to find them.
struct IndexConfig {
    std::vector<IndexUrl> indexes;  // the main index first; empty with --no-index
    std::vector<std::string> find_links;
    std::string ca_file, client_cert, proxy;
    std::vector<std::string> trusted_hosts;
    bool no_index = false;
    std::vector<std::string> warnings;
};

// pip's own order, later wins: configuration files (global, user, the playground's, PIP_CONFIG_FILE),
// environment, arguments; the index options of the project's requirements files are added, as pip
// does for an install from them. uv's environment variables count where pip's are silent. With
// none, `default_index`.
IndexConfig resolve_config(const FileTree& files, const std::map<std::string, std::string>& environment, std::string_view project_root,
                           std::string_view venv, const std::vector<std::string>& arguments, std::string_view default_index);

// "https://user:p%40ss@host/x" → the URL without user information, and "user:p@ss".
IndexUrl split_credentials(std::string_view url, std::string origin);

// The sections of an ini file as Python's configparser reads it: "section.option" → value, options
// lower case with '_' as '-'; continuation lines are joined by a newline.
std::map<std::string, std::string> parse_pip_conf(std::string_view text);

}  // namespace envlock::index
