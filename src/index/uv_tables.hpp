#pragma once

#include <envlock/base/result.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

struct UvIndex {  // one [[index]]
    std::string name, url;
    bool is_default = false, is_explicit = false, is_flat = false;
};

// The older way to say the same; also the whole of what [pip] may say here.
struct UvLegacy {
    std::string index_url;
    std::vector<std::string> extra, find_links;
    std::optional<bool> no_index;
    bool empty() const { return index_url.empty() && extra.empty() && find_links.empty() && !no_index; }
};

// The index settings of a uv.toml, or of [tool.uv] of a pyproject.toml.
struct UvTables {
    std::vector<UvIndex> indexes;
    UvLegacy top, pip;
    std::vector<std::string> insecure_hosts, no_proxy;
    std::string proxy;
    std::map<std::string, std::vector<std::string>> pinned;  // index name → packages of [tool.uv.sources], normalised
    bool present = false;  // the file is uv's: any uv.toml, a pyproject.toml with [tool.uv]
};

enum class UvFile { uv_toml, pyproject };

// What is of another type than uv takes is left out, not refused: the file is read for its indexes only.
Result<UvTables> parse_uv_tables(std::string_view text, std::string_view subject, UvFile kind);

}  // namespace envlock::index
