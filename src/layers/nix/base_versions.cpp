#include "layers/nix/base_versions.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/store_path.hpp>

#include <algorithm>
#include <deque>
#include <set>

namespace envlock::nix {
namespace {

constexpr std::size_t k_most_store_paths = 20'000;
constexpr std::size_t k_largest_metadata = 8U << 20U;
constexpr std::size_t k_largest_list = 1U << 20U;
constexpr std::size_t k_largest_gcroot = 16U << 20U;

// In the order in which Python would find a package: what comes first wins.
constexpr const char* k_variables[] = {"PYTHONPATH", "NIX_PYTHONPATH", "buildInputs", "nativeBuildInputs",
                                       "propagatedBuildInputs", "propagatedNativeBuildInputs", "PATH"};

struct Distribution {
    std::string name, version;
};

// Store paths with their order kept and each only once.
class Candidates {
public:
    void add_all_in(std::string_view text) {
        std::string word;
        for (const char c : text) {
            const bool separates = c == ' ' || c == ':' || c == '\n' || c == '\t';
            if (!separates) word += c;
            else add(std::exchange(word, {}));
        }
        add(word);
    }
    void add(std::string_view word) {
        const auto store = parse_store_path(word);
        if (!store || m_seen.size() >= k_most_store_paths) return;
        auto path = "/nix/store/" + store->hash + "-" + store->name;
        if (m_seen.insert(path).second) m_queue.push_back(std::move(path));
    }
    std::optional<std::string> next() {
        if (m_queue.empty()) return std::nullopt;
        auto path = std::move(m_queue.front());
        m_queue.pop_front();
        return path;
    }

private:
    std::deque<std::string> m_queue;
    std::set<std::string> m_seen;
};

// Name and Version of a METADATA file: its header lines end at the first empty one.
std::optional<Distribution> read_metadata(const FileTree& files, const std::string& path) {
    const auto text = files.read(path, k_largest_metadata);
    if (!text) return std::nullopt;
    Distribution out;
    for (const auto line : split_lines(*text)) {
        if (line.empty()) break;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto key = line.substr(0, colon);
        if (iequals_ascii(key, "Name")) out.name = trim(line.substr(colon + 1));
        if (iequals_ascii(key, "Version")) out.version = trim(line.substr(colon + 1));
    }
    if (!is_valid_name(out.name) || out.version.empty()) return std::nullopt;
    return out;
}

class Search {
public:
    Search(const ProbeContext& context, std::string_view python) : m_context(context), m_site("lib/python" + std::string(python) + "/site-packages") {}

    BaseVersions run(std::string_view python) {
        from_shell();
        if (!m_out.by_name.empty()) m_out.method = "shell";
        if (m_out.by_name.empty()) from_interpreter();
        if (!m_out.by_name.empty() && m_out.method == "none") m_out.method = "interpreter-env";
        if (m_out.by_name.empty()) from_store(python);
        if (!m_out.by_name.empty() && m_out.method == "none") m_out.method = "store";
        std::ranges::sort(m_out.notes);
        return std::move(m_out);
    }

private:
    // Everything the site-packages of one store path holds.
    std::vector<Distribution> packages_in(const std::string& store_path) const {
        std::vector<Distribution> out;
        const auto site = join(store_path, m_site);
        const auto entries = m_context.files.list(site);
        if (!entries) return out;
        for (const auto& entry : *entries) {
            const bool wheel = entry.name.ends_with(".dist-info");
            if (!wheel && !entry.name.ends_with(".egg-info")) continue;
            auto found = read_metadata(m_context.files, join(join(site, entry.name), wheel ? "METADATA" : "PKG-INFO"));
            if (found) out.push_back(*std::move(found));
        }
        return out;
    }

    void take(const std::string& store_path) {
        for (auto& found : packages_in(store_path)) {
            const auto name = normalize_name(found.name);
            const auto [at, added] = m_out.by_name.emplace(name, BaseVersion{found.version, store_path});
            if (!added && at->second.version != found.version)
                m_out.notes.push_back({"", name, store_path, "the base also holds version " + escape_controls(found.version) + "; the first in the search order counts"});
        }
    }

    void from_shell() {
        Candidates candidates;
        for (const auto* variable : k_variables) {
            const auto found = m_context.environment.find(variable);
            if (found != m_context.environment.end()) candidates.add_all_in(found->second);
        }
        if (const auto root = m_context.environment.find("NIX_GCROOT"); root != m_context.environment.end()) add_declared(root->second, candidates);
        while (const auto path = candidates.next()) {
            take(*path);
            // A package brings its own dependencies along in this file.
            const auto more = m_context.files.read(join(*path, "nix-support/propagated-build-inputs"), k_largest_list);
            if (more) candidates.add_all_in(*more);
        }
    }

    // $NIX_GCROOT is the declared environment of the shell, as JSON.
    void add_declared(const std::string& file, Candidates& candidates) {
        const auto text = m_context.files.read(file, k_largest_gcroot);
        if (!text) return;
        const auto declared = json::parse(*text, {.bytes = k_largest_gcroot}, "NIX_GCROOT");
        if (!declared) {
            m_out.notes.push_back({"", "", "NIX_GCROOT", "cannot be read: " + declared.error().detail});
            return;
        }
        const auto* variables = declared->find("variables");
        if (variables == nullptr) return;
        for (const auto* name : k_variables) {
            if (const auto* variable = variables->find(name); variable != nullptr) candidates.add_all_in(variable->text("value"));
        }
    }

    void from_interpreter() {
        if (m_context.project.venv.empty()) return;
        std::vector<std::string> places;
        if (const auto text = m_context.files.read(join(m_context.project.venv, "pyvenv.cfg"), k_largest_list)) {
            for (const auto line : split_lines(*text)) {
                const auto equals = line.find('=');
                if (equals != std::string_view::npos && trim(line.substr(0, equals)) == "home") places.emplace_back(trim(line.substr(equals + 1)));
            }
        }
        if (const auto real = m_context.files.real_path(join(m_context.project.venv, "bin/python"))) places.push_back(*real);
        Candidates candidates;
        for (const auto& place : places) {
            candidates.add(place);
            if (const auto real = m_context.files.real_path(place)) candidates.add(*real);
        }
        while (const auto path = candidates.next()) take(*path);
    }

    // Several projects share one store: a name counts only when it has a single version there.
    void from_store(std::string_view python) {
        const auto entries = m_context.files.list("/nix/store");
        if (!entries) return;
        const auto prefix = "python" + std::string(python) + "-";
        std::map<std::string, std::map<std::string, std::string>> versions;
        for (const auto& entry : *entries) {
            const auto path = "/nix/store/" + entry.name;
            const auto store = parse_store_path(path);
            if (!store || !store->name.starts_with(prefix)) continue;
            for (const auto& found : packages_in(path)) versions[normalize_name(found.name)].emplace(found.version, path);
        }
        for (const auto& [name, by_version] : versions) {
            if (by_version.size() == 1) m_out.by_name.emplace(name, BaseVersion{by_version.begin()->first, by_version.begin()->second});
            else m_out.notes.push_back({"", name, "/nix/store", std::to_string(by_version.size()) + " versions are in the store, which of them the base provides is not known"});
        }
        if (!m_out.by_name.empty()) m_out.notes.push_back({"", "", "/nix/store", "read from what happens to be in the store, which the shell does not name: likely, not certain"});
    }

    const ProbeContext& m_context;
    std::string m_site;
    BaseVersions m_out;
};

}  // namespace

BaseVersions find_base_versions(const ProbeContext& context, std::string_view python_version) {
    // It becomes part of a path.
    const bool plain = !python_version.empty() && python_version.find_first_not_of("0123456789.") == std::string_view::npos;
    return plain ? Search(context, python_version).run(python_version) : BaseVersions{};
}

}  // namespace envlock::nix
