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
    bool only_pinned = false;  // uv's `explicit`: asked for `packages` alone
    std::vector<std::string> packages;  // that [tool.uv.sources] pins to it, normalised

    bool serves(std::string_view normalized_name) const;
};

// A place of files for any project (pip's and uv's find-links, uv's flat index).
struct LinksPlace {
    std::string place;  // an absolute path (a folder, an HTML page or one file), or an http(s) URL without user information
    std::string credentials, origin;
    std::string shown;  // for a manifest: without a query, and folders that tell who and where somebody is are replaced
    bool local() const { return place.starts_with('/'); }
};

// Where packages come from, as pip and uv are set up to find them.
struct IndexConfig {
    std::vector<IndexUrl> indexes;  // pip's main index first; empty with no-index
    std::vector<LinksPlace> find_links;
    std::string ca_file, client_cert;
    std::string proxy, no_proxy;  // "" = as the environment says; no_proxy counts with proxy only
    std::vector<std::string> trusted_hosts;
    bool no_index = false;
    std::vector<std::string> warnings;
};

// Which tool filled a playground is not known beforehand, and one may have been used after the other.
// So each tool that is configured (an index, find-links or no-index: anything about where packages
// come from) contributes what it would ask, its built-in main index included unless it has another;
// one that is not configured contributes nothing; each URL is asked once. With neither, `default_index`.
//
// pip, later wins: files (global, user, the playground's, PIP_CONFIG_FILE), then environment; [install]
// of any file wins over every [global]. The requirements files of the project then count as in an
// install from each of them: `-i` there replaces the configured indexes.
// uv: environment, then uv.toml or pyproject.toml of the nearest folder upward, the user's and the
// system's uv.toml; lists are joined in this order, single values taken from the first that has one.
// [pip] counts as `uv pip` would take it.
//
// `arguments` are the caller's, in pip's spelling, and the last word: --index-url replaces the main index
// of both tools and of the requirements files, the other lists are added to, --no-index asks no index.
IndexConfig resolve_config(const FileTree& files, const std::map<std::string, std::string>& environment, std::string_view project_root,
                           std::string_view venv, const std::vector<std::string>& arguments, std::string_view default_index);

// "https://user:p%40ss@host/x" → the URL without user information, and "user:p@ss".
IndexUrl split_credentials(std::string_view url, std::string origin);

// The sections of an ini file as Python's configparser reads it for pip: "section.option" → value, options
// lower case with '_' as '-'; continuation lines are joined by a newline, nothing is interpolated, and
// [DEFAULT] counts in every section of its file.
std::map<std::string, std::string> parse_pip_conf(std::string_view text);

}  // namespace envlock::index
