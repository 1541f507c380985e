#include <envlock/elf/resolve.hpp>

#include <envlock/base/path.hpp>

namespace envlock::elf {
namespace {

constexpr std::size_t k_most_objects = 8'192;  // in one process; a hostile tree must end

}  // namespace

std::string_view to_string(Found found) {
    switch (found) {
        case Found::loaded: return "already loaded";
        case Found::path: return "path";
        case Found::rpath: return "RPATH";
        case Found::library_path: return "LD_LIBRARY_PATH";
        case Found::runpath: return "RUNPATH";
        case Found::cache: return "ld.so.cache";
        case Found::default_dir: return "default directory";
        case Found::nowhere: return "not found";
        case Found::bad_file: return "not an ELF file";
    }
    return "not found";
}

std::vector<Edge> Process::start(const std::string& path) {
    m_objects.clear();
    m_names.clear();
    m_identities.clear();
    m_opened_names.clear();
    m_program = 0;
    const auto candidate = m_lookup(path);
    if (candidate.state != Candidate::State::found) return {};
    add(path, candidate, 0, {});
    auto edges = load_needed(0);
    m_program = m_objects.size();
    m_opened_names.clear();
    return edges;
}

std::vector<Edge> Process::open(const std::string& path) {
    forget_opened();
    const auto candidate = m_lookup(path);
    if (candidate.state != Candidate::State::found || m_identities.contains(candidate.identity)) return {};
    const auto root = m_objects.size();
    add(path, candidate, root, {});
    return load_needed(root);
}

void Process::forget_opened() {
    for (std::size_t i = m_program; i < m_objects.size(); ++i) m_identities.erase(m_objects[i].identity);
    m_objects.resize(m_program);
    for (const auto& name : m_opened_names) m_names.erase(name);
    m_opened_names.clear();
}

std::optional<std::size_t> Process::find_loaded(const std::string& name) const {
    const auto found = m_names.find(name);
    if (found == m_names.end()) return std::nullopt;
    return found->second;
}

std::size_t Process::add(std::string path, const Candidate& candidate, std::size_t loader, const std::string& asked_as) {
    const auto remember = [&](const std::string& name, std::size_t index) {
        if (!name.empty() && m_names.emplace(name, index).second) m_opened_names.push_back(name);
    };
    const auto [same, is_new] = m_identities.emplace(candidate.identity, m_objects.size());
    if (is_new) m_objects.push_back({std::move(path), candidate.identity, candidate.object, loader});
    const auto index = same->second;
    remember(candidate.object->soname, index);
    remember(asked_as, index);
    return index;
}

// Breadth first over DT_NEEDED, as the loader does: the order decides which name wins.
std::vector<Edge> Process::load_needed(std::size_t first) {
    std::vector<Edge> edges;
    for (std::size_t at = first; at < m_objects.size() && m_objects.size() < k_most_objects; ++at) {
        const auto* object = m_objects[at].object;
        for (const auto& needed : object->needed) edges.push_back(resolve(at, needed));
    }
    return edges;
}

Edge Process::resolve(std::size_t from, const std::string& needed) {
    Edge edge{from, needed, Found::nowhere, 0, {}};
    if (needed.find('/') != std::string::npos) {
        try_path(expand(needed, std::string(parent_path(m_objects[from].path))), Found::path, edge);
        return edge;
    }
    if (const auto loaded = find_loaded(needed)) {
        edge.found = Found::loaded;
        edge.to = *loaded;
        return edge;
    }
    if (m_profile.musl) search_musl(edge);
    else search(edge);
    return edge;
}

// glibc's order. An object with a RUNPATH ignores its own RPATH and that of all who loaded it.
bool Process::search(Edge& edge) {
    const auto& own = *m_objects[edge.from].object;
    if (!own.has_runpath) {
        bool program_seen = false;
        for (std::size_t at = edge.from;; at = m_objects[at].loader) {
            const auto& holder = m_objects[at];
            program_seen |= at == 0;
            const auto origin = std::string(parent_path(holder.path));
            if (holder.object->has_rpath && !holder.object->has_runpath && try_dirs(holder.object->rpath, origin, Found::rpath, edge)) return true;
            if (holder.loader == at) break;
        }
        const auto& program = m_objects.front();
        if (!program_seen && program.object->has_rpath && !program.object->has_runpath) {
            if (try_dirs(program.object->rpath, std::string(parent_path(program.path)), Found::rpath, edge)) return true;
        }
    }
    if (try_dirs(m_profile.library_path, std::string(parent_path(m_objects.front().path)), Found::library_path, edge)) return true;
    if (try_dirs(own.runpath, std::string(parent_path(m_objects[edge.from].path)), Found::runpath, edge)) return true;
    if (m_profile.cache != nullptr) {
        for (const auto* entry : m_profile.cache->find(edge.needed)) {
            const auto dir = parent_path(entry->path);
            bool is_default = false;
            for (const auto& known : m_profile.default_dirs) is_default |= dir == known;
            if (own.no_default_dirs && is_default) continue;
            if (try_path(entry->path, Found::cache, edge)) return true;
        }
    }
    return !own.no_default_dirs && try_dirs(m_profile.default_dirs, {}, Found::default_dir, edge);
}

// musl: the environment first, then RPATH and RUNPATH as one list, walked up to who asked.
bool Process::search_musl(Edge& edge) {
    if (try_dirs(m_profile.library_path, {}, Found::library_path, edge)) return true;
    for (std::size_t at = edge.from;; at = m_objects[at].loader) {
        const auto& holder = m_objects[at];
        const auto& dirs = holder.object->has_runpath ? holder.object->runpath : holder.object->rpath;
        if (try_dirs(dirs, std::string(parent_path(holder.path)), holder.object->has_runpath ? Found::runpath : Found::rpath, edge)) return true;
        if (holder.loader == at) break;
    }
    return try_dirs(m_profile.default_dirs, {}, Found::default_dir, edge);
}

bool Process::try_dirs(const std::vector<std::string>& dirs, const std::string& origin, Found how, Edge& edge) {
    for (const auto& dir : dirs) {
        const auto expanded = expand(dir, origin);
        // An empty or relative element means the working directory of the process, which is not
        // part of an environment: it is not searched.
        if (expanded.empty() || expanded.front() != '/') continue;
        if (try_path(join(expanded, edge.needed), how, edge)) return true;
    }
    return false;
}

// True when the search ends here, with a library or with a file the loader refuses outright.
// A library for another machine is passed over.
bool Process::try_path(const std::string& path, Found how, Edge& edge) {
    const auto lexical = resolve_lexically("/", path);
    const auto candidate = m_lookup(lexical);
    if (candidate.state == Candidate::State::missing) return false;
    if (candidate.state == Candidate::State::not_elf) {
        edge.found = Found::bad_file;
        edge.path = lexical;
        return true;
    }
    if (!fits(*candidate.object)) return false;
    edge.found = how;
    edge.to = add(lexical, candidate, edge.from, edge.needed);
    return true;
}

std::string Process::expand(const std::string& text, const std::string& origin) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        bool replaced = false;
        if (text[at] == '$') {
            const auto rest = std::string_view(text).substr(at + 1);
            for (const auto& [token, value] : {std::pair<std::string_view, const std::string&>{"ORIGIN", origin}, {"LIB", m_profile.lib}, {"PLATFORM", m_profile.platform}}) {
                const bool braces = rest.size() >= token.size() + 2 && rest[0] == '{' && rest.substr(1).starts_with(token) && rest[token.size() + 1] == '}';
                const auto next = rest.size() > token.size() ? rest[token.size()] : '\0';
                const bool bare = rest.starts_with(token) && !(next == '_' || (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9'));
                if (!braces && !bare) continue;
                out += value;
                at += 1 + token.size() + (braces ? 2 : 0);
                replaced = true;
                break;
            }
        }
        if (!replaced) out += text[at++];
    }
    return out;
}

}  // namespace envlock::elf
