// uv's order and rules; checked against what `uv pip install --show-settings` of uv 0.13 prints.
#include "index/settings.hpp"
#include "index/uv_tables.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <set>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_bytes = 4U << 20U;
constexpr int k_most_parents = 64;

struct Level {  // one file: the project's, the user's, the system's
    UvTables tables;
    std::string folder, origin;
};

struct Named {  // an index with what uv knows of it before it decides which to ask
    UvIndex index;
    std::string folder, origin;
};

std::optional<Level> read_level(const Surroundings& here, const std::string& path, UvFile kind, std::vector<std::string>& warnings) {
    const auto text = here.files.read(path, k_most_bytes);
    if (!text) {
        if (text.error().code != ErrorCode::file_missing) warnings.push_back(to_line(text.error()));
        return std::nullopt;
    }
    auto tables = parse_uv_tables(*text, path, kind);
    if (!tables) {
        warnings.push_back(to_line(tables.error()));
        return std::nullopt;
    }
    if (!tables->present) return std::nullopt;
    return Level{.tables = *std::move(tables), .folder = std::string(parent_path(path)), .origin = path};
}

// The nearest folder upward that has a uv.toml or a pyproject.toml with [tool.uv]; uv.toml hides the
// latter, whose [tool.uv.sources] count all the same.
std::optional<Level> project_level(const Surroundings& here, std::vector<std::string>& warnings) {
    std::string folder(here.project_root);
    for (int i = 0; i < k_most_parents && folder.starts_with('/'); ++i, folder = std::string(parent_path(folder))) {
        auto project = read_level(here, join(folder, "pyproject.toml"), UvFile::pyproject, warnings);
        if (auto own = read_level(here, join(folder, "uv.toml"), UvFile::uv_toml, warnings)) {
            if (project) own->tables.pinned = std::move(project->tables.pinned);
            return own;
        }
        if (project) return project;
        if (folder == "/") break;
    }
    return std::nullopt;
}

std::vector<Level> levels(const Surroundings& here, std::vector<std::string>& warnings) {
    std::vector<Level> out;
    const auto add = [&](std::optional<Level> level) {
        if (!level) return false;
        out.push_back(*std::move(level));
        return true;
    };
    if (const auto named = path_setting(here, here.variable("UV_CONFIG_FILE"), here.project_root); !named.empty()) {
        add(read_level(here, named, UvFile::uv_toml, warnings));
        return out;
    }
    if (is_yes(here.variable("UV_NO_CONFIG"))) return out;
    add(project_level(here, warnings));
    const auto user = here.variable("XDG_CONFIG_HOME");
    if (const auto base = user.starts_with('/') ? user : here.home().empty() ? "" : join(here.home(), ".config"); !base.empty()) {
        add(read_level(here, join(base, "uv/uv.toml"), UvFile::uv_toml, warnings));
    }
    const auto folders = here.variable("XDG_CONFIG_DIRS");
    for (const auto folder : split(folders.empty() ? std::string_view("/etc/xdg") : std::string_view(folders), ':')) {
        if (folder.starts_with('/') && add(read_level(here, join(folder, "uv/uv.toml"), UvFile::uv_toml, warnings))) return out;
    }
    add(read_level(here, "/etc/uv/uv.toml", UvFile::uv_toml, warnings));
    return out;
}

// "name=url", as UV_INDEX and UV_DEFAULT_INDEX may say it; a '=' after the first ':' is the URL's own.
UvIndex index_of(std::string_view word, bool is_default) {
    const auto equals = word.find('=');
    const bool named = equals != std::string_view::npos && equals < word.find(':');
    return {.name = std::string(named ? word.substr(0, equals) : ""), .url = std::string(named ? word.substr(equals + 1) : word), .is_default = is_default};
}

void add_environment(std::vector<Named>& out, const Surroundings& here) {
    const auto add = [&](const char* name, bool is_default) {
        for (const auto& word : words(here.variable(name))) {
            out.push_back({.index = index_of(word, is_default), .folder = std::string(here.project_root), .origin = name});
        }
    };
    add("UV_INDEX", false);
    add("UV_EXTRA_INDEX_URL", false);
    add("UV_DEFAULT_INDEX", true);
    add("UV_INDEX_URL", true);
}

// Of the older settings: lists are joined, the first file that has a value decides. [pip] comes before the top level.
struct Older {
    std::vector<Named> extra;
    std::optional<Named> main;
    std::vector<std::pair<std::string, const Level*>> links;
    std::optional<bool> no_index;
};

Older older_settings(const std::vector<Level>& all, UvLegacy UvTables::*part) {
    Older out;
    for (const auto& level : all) {
        const auto& said = level.tables.*part;
        for (const auto& url : said.extra) out.extra.push_back({.index = {.name = {}, .url = url}, .folder = level.folder, .origin = level.origin});
        if (!out.main && !said.index_url.empty()) out.main = Named{.index = {.name = {}, .url = said.index_url, .is_default = true}, .folder = level.folder, .origin = level.origin};
        for (const auto& value : said.find_links) out.links.emplace_back(value, &level);
        if (!out.no_index) out.no_index = said.no_index;
    }
    return out;
}

// UV_INDEX_<NAME>_USERNAME and _PASSWORD: capital letters, all that is no letter or digit as '_'.
std::string credentials_of(const Surroundings& here, std::string_view name) {
    std::string upper;
    for (const char c : name) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    const auto user = here.variable("UV_INDEX_" + upper + "_USERNAME");
    const auto password = here.variable("UV_INDEX_" + upper + "_PASSWORD");
    return user.empty() && password.empty() ? std::string() : user + ":" + password;
}

class Chooser {
public:
    Chooser(const Surroundings& here, const std::map<std::string, std::vector<std::string>>& pinned, ToolSettings& out)
        : m_here(here), m_pinned(pinned), m_out(out) {}

    // The first of a name counts; the first default is the main index, and no other default is asked.
    void choose(const std::vector<Named>& list) {
        std::set<std::string> names;
        bool has_main = false;
        for (const auto& each : list) {
            if (!each.index.name.empty() && !names.insert(each.index.name).second) continue;
            if (each.index.is_default && std::exchange(has_main, true)) continue;
            if (each.index.is_flat) add_flat(each);
            else add_index(each);
        }
    }

private:
    void add_index(const Named& each) {
        auto index = split_credentials(each.index.url, each.origin);
        if (!each.index.name.empty()) {
            if (auto named = credentials_of(m_here, each.index.name); !named.empty()) index.credentials = std::move(named);
            if (const auto found = m_pinned.find(each.index.name); found != m_pinned.end()) index.packages = found->second;
        }
        index.only_pinned = each.index.is_explicit;
        if (each.index.is_default && !m_out.main) m_out.main = std::move(index);
        else if (!each.index.is_default || m_out.main->url != index.url) m_out.indexes.push_back(std::move(index));
    }
    // format = "flat": files of any project in one place, as find-links.
    void add_flat(const Named& each) {
        if (auto place = links_place(m_here, each.index.url, each.folder, each.origin, m_out.warnings)) m_out.find_links.push_back(*std::move(place));
    }

    const Surroundings& m_here;
    const std::map<std::string, std::vector<std::string>>& m_pinned;
    ToolSettings& m_out;
};

void add_links(const Surroundings& here, const Older& older, ToolSettings& out) {
    for (const auto& [value, level] : older.links) {
        if (auto place = links_place(here, value, level->folder, level->origin, out.warnings)) out.find_links.push_back(*std::move(place));
    }
}

void add_network(const Surroundings& here, const std::vector<Level>& all, ToolSettings& out) {
    auto hosts = words(here.variable("UV_INSECURE_HOST"));
    for (const auto& level : all) {
        hosts.insert(hosts.end(), level.tables.insecure_hosts.begin(), level.tables.insecure_hosts.end());
        if (out.proxy.empty()) out.proxy = level.tables.proxy;
        for (const auto& host : level.tables.no_proxy) out.no_proxy += (out.no_proxy.empty() ? "" : ",") + host;
    }
    for (std::string_view host : hosts) {  // "https://host:port/" is a spelling of "host:port"
        if (const auto scheme = host.find("://"); scheme != std::string_view::npos) host.remove_prefix(scheme + 3);
        host = host.substr(0, host.find('/'));
        if (!host.empty()) out.trusted_hosts.emplace_back(host);
    }
}

}  // namespace

ToolSettings uv_settings(const Surroundings& here) {
    ToolSettings out;
    const auto all = levels(here, out.warnings);
    std::vector<Named> list;
    add_environment(list, here);
    for (const auto& level : all) {
        for (const auto& index : level.tables.indexes) list.push_back({.index = index, .folder = level.folder, .origin = level.origin});
    }
    const auto links = here.variable("UV_FIND_LINKS");
    for (const auto value : split(links, ',')) {
        if (auto place = links_place(here, value, here.project_root, "UV_FIND_LINKS", out.warnings)) out.find_links.push_back(*std::move(place));
    }
    const auto top = older_settings(all, &UvTables::top), pip = older_settings(all, &UvTables::pip);
    const auto with = [&](const Older& first, const Older& second) {
        auto each = list;
        const auto& extra = first.extra.empty() ? second.extra : first.extra;
        each.insert(each.end(), extra.begin(), extra.end());
        if (const auto& main = first.main ? first.main : second.main) each.push_back(*main);
        return each;
    };
    const auto& pinned = all.empty() ? std::map<std::string, std::vector<std::string>>() : all.front().tables.pinned;
    Chooser chooser(here, pinned, out);
    // `uv sync` and `uv pip` may both have filled the playground, and see [pip] differently.
    chooser.choose(with(top, Older{}));
    if (!pip.extra.empty() || pip.main) chooser.choose(with(pip, top));
    add_links(here, top, out);
    add_links(here, pip, out);
    add_network(here, all, out);
    // One of them alone counts for both: whoever says no-index does not expect to be overheard.
    out.no_index = pip.no_index.value_or(top.no_index.value_or(false)) && top.no_index.value_or(pip.no_index.value_or(false));
    out.configured = out.main || !out.indexes.empty() || !out.find_links.empty() || out.no_index;
    return out;
}

}  // namespace envlock::index
