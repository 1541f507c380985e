#pragma once

#include <envlock/index/config.hpp>

#include "support/memory_file_tree.hpp"

#include <algorithm>

namespace envlock::test {

// The configuration of a project at /w with a playground at /w/.venv; the files need not say more than matters.
inline index::IndexConfig resolve(std::map<std::string, std::string> files, const std::map<std::string, std::string>& environment = {},
                                  const std::vector<std::string>& arguments = {}) {
    files.emplace("/w/x", "");
    return index::resolve_config(MemoryFileTree(std::move(files)), environment, "/w", "/w/.venv", arguments, "https://default.index.example/simple");
}

// The URLs without their scheme, in the order in which they are asked.
inline std::vector<std::string> asked(const index::IndexConfig& config) {
    std::vector<std::string> out;
    for (const auto& each : config.indexes) out.push_back(each.url.substr(each.url.find("://") + 3));
    return out;
}

inline std::vector<std::string> places(const index::IndexConfig& config) {
    std::vector<std::string> out;
    for (const auto& each : config.find_links) out.push_back(each.place);
    return out;
}

using Texts = std::vector<std::string>;

}  // namespace envlock::test
