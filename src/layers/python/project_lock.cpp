#include "layers/python/project_lock.hpp"

#include "layers/python/interpreter.hpp"
#include "layers/python/lock_files.hpp"
#include "layers/python/locked_version.hpp"
#include "layers/python/marker_environment.hpp"

#include <envlock/pylock/need.hpp>
#include <envlock/version/specifier.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace envlock::python {
namespace {

using pylock::LockedPackage;
using pylock::LockKind;
using pylock::Need;
using pylock::ProjectLock;
using pylock::SourceKind;

constexpr std::size_t k_most_names = 5;

bool is_installer(std::string_view key) {
    constexpr std::array<std::string_view, 4> k_names{"pip", "setuptools", "wheel", "uv"};
    return std::ranges::find(k_names, key) != k_names.end();
}

// A lock that is one of several, each for its own use: requirements-dev.txt, pylock.docs.toml.
bool is_for_a_use(const ProjectLock& lock) {
    if (lock.kind == LockKind::requirements) return lock.path != "requirements.txt";
    return lock.kind == LockKind::pylock && lock.path != "pylock.toml";
}

// Locks other than uv's do not name the project itself, which is installed in place all the same.
bool is_the_project(const Distribution& distribution) {
    if (distribution.source != "editable" && distribution.source != "directory") return false;
    const auto url = distribution.component.facts.find("sourceUrl");
    if (url == distribution.component.facts.end()) return true;  // setuptools' old develop mode does not say
    const auto* text = std::get_if<std::string>(&url->second);
    return text != nullptr && (*text == "file://$PROJECT" || *text == "file://$PROJECT/");
}

std::string list_some(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size() && i < k_most_names; ++i) out += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > k_most_names) out += " and " + std::to_string(names.size() - k_most_names) + " more";
    return out;
}

// What the locks of one kind have in common: a distribution that is in any of them is locked.
struct Family {
    std::set<std::string, std::less<>> names;
    std::string files;  // "requirements-dev.txt, requirements.txt"
    const ProjectLock* speaker = nullptr;  // the one that says what is in none of them
};

// One lock against what is installed.
class Comparison {
public:
    Comparison(const ProjectLock& lock, std::vector<Need> needs, const Family& family, std::vector<Note>& notes)
        : m_lock(lock), m_needs(std::move(needs)), m_family(family), m_notes(notes), m_subject(lock.path + " ↔ environment") {
        for (std::size_t i = 0; i < lock.packages.size(); ++i) m_by_name[lock.packages[i].name].push_back(i);
    }

    void python(const std::string& version) {
        const auto asked = parse_specifiers(m_lock.requires_python);
        const bool whole = std::ranges::count(version, '.') >= 2;  // "3.11" alone cannot be held against ">=3.11.2"
        if (!asked || !whole || satisfies(version, *asked)) return;
        note("PY040", "python", "the playground has Python " + version + ", the lock is for " + m_lock.requires_python);
    }

    void environment(const pylock::MarkerEnvironment& here) {
        const auto rules_out = [&](const std::string& marker) { return pylock::marker_holds(marker, here) == pylock::Truth::no; };
        if (m_lock.environments.empty() || !std::ranges::all_of(m_lock.environments, rules_out)) return;
        note("", "", "the lock is for other environments: " + list_some(m_lock.environments));
    }

    void installed(Distribution& distribution) {
        const auto& key = distribution.component.key;
        const auto listed = m_by_name.find(key);
        m_installed.insert(key);
        if (listed == m_by_name.end()) return not_locked(distribution, "");
        std::vector<const LockedPackage*> here;
        for (const auto i : listed->second) {
            if (m_needs[i] != Need::not_here) here.push_back(&m_lock.packages[i]);
        }
        if (here.empty()) return not_locked(distribution, m_lock.packages[listed->second.front()].marker);
        std::vector<const LockedPackage*> agree;
        std::string why;
        for (const auto* package : here) {
            auto reason = disagreement(distribution, *package);
            if (!reason) agree.push_back(package);
            else why.append(why.empty() ? "" : "; ").append(*reason);
        }
        if (agree.empty()) {
            ++m_differ;
            say(distribution, "differs, locked " + locked_as(*here.front()));
            return note("PY040", key, why);
        }
        files(distribution, agree);
    }

    void elsewhere(const std::string& key) { m_elsewhere.insert(key); }

    void finish() {
        missing();
        ambiguous();
        unhashed();
        auto text = std::to_string(m_same) + " as locked";
        const auto count = [&](std::size_t number, const char* what) {
            if (number > 0) text += ", " + std::to_string(number) + " " + what;
        };
        count(m_differ, "different");
        count(m_other_file, "from another file");
        count(m_missing, "missing");
        count(m_extra, "not in the lock");
        count(m_from_base, "from outside the environment");
        count(m_optional, "of extras or groups and not installed");
        count(m_unknown, "perhaps not for this environment and not installed");
        note("", "", std::move(text));
    }

private:
    void note(std::string rule, std::string component, std::string detail) {
        m_notes.push_back({std::move(rule), std::move(component), m_subject, std::move(detail)});
    }

    void say(Distribution& distribution, const std::string& what) const {
        auto& fact = distribution.component.facts["lock"];
        if (!std::holds_alternative<std::vector<std::string>>(fact)) fact = std::vector<std::string>();
        std::get<std::vector<std::string>>(fact).push_back(m_lock.path + ": " + what);
    }

    void not_locked(Distribution& distribution, const std::string& marker) {
        const auto& component = distribution.component;
        const bool known = m_family.names.contains(component.key) || is_installer(component.key) || (m_lock.kind != LockKind::uv && is_the_project(distribution));
        if (!m_lock.complete || known) return;
        say(distribution, "not in it");
        if (m_family.speaker != &m_lock) return;
        ++m_extra;
        auto detail = "installed " + component.version + ", and " + (m_family.files == m_lock.path ? "the lock does not name it" : "named in none of " + m_family.files);
        if (!marker.empty()) detail = "installed " + component.version + ", and the lock has it for other environments only: " + marker.substr(0, 200);
        note("PY042", component.key, std::move(detail));
    }

    // The version agrees; do the bytes?
    void files(Distribution& distribution, const std::vector<const LockedPackage*>& agree) {
        auto& component = distribution.component;
        std::set<std::string, std::less<>> locked;
        bool all_known = true;
        for (const auto* package : agree) {
            for (const auto& file : package->files) {
                const auto sha256 = file.hashes.find("sha256");
                if (sha256 != file.hashes.end()) locked.insert(sha256->second);
                else all_known = false;
            }
        }
        narrow(component, locked);
        const bool sure = component.evidence == Evidence::recorded || component.evidence == Evidence::proved || component.evidence == Evidence::consistent;
        const bool other = sure && all_known && !locked.empty() && component.artifact && !component.artifact->sha256.empty() && !locked.contains(component.artifact->sha256);
        ++(other ? m_other_file : m_same);
        say(distribution, other ? "another file" : "same");
        if (!other) return;
        note("PY043", component.key, component.artifact->filename + " sha256:" + component.artifact->sha256 + " (" + std::string(to_string(component.evidence)) + ") is none of the " +
                                         std::to_string(locked.size()) + " files locked for " + component.version);
    }

    // Several published files fit: the lock may have only one of them.
    void narrow(Component& component, const std::set<std::string, std::less<>>& locked) const {
        const auto fact = component.facts.find("candidates");
        if (component.evidence != Evidence::ambiguous || fact == component.facts.end() || component.facts.contains("lockNarrows")) return;
        const auto* candidates = std::get_if<std::vector<std::string>>(&fact->second);
        if (candidates == nullptr) return;
        std::vector<std::string> left;
        for (const auto& candidate : *candidates) {
            const auto mark = candidate.rfind("sha256:");
            if (mark != std::string::npos && locked.contains(std::string_view(candidate).substr(mark + 7))) left.push_back(candidate);
        }
        if (left.size() == 1) component.facts["lockNarrows"] = left.front() + " (" + m_lock.path + ")";
    }

    // One line for each name, however many packages of it the lock has.
    void missing() {
        for (const auto& [name, indexes] : m_by_name) {
            if (m_installed.contains(name)) continue;
            Need best = Need::not_here;
            const LockedPackage* which = nullptr;
            for (const auto i : indexes) {
                const auto& package = m_lock.packages[i];
                if (package.source == SourceKind::nothing || package.origin == "." || m_needs[i] <= best) continue;
                best = m_needs[i];
                which = &package;
            }
            if (which == nullptr) continue;
            if (m_elsewhere.contains(name)) ++m_from_base;
            else if (best == Need::optional || is_for_a_use(m_lock)) ++m_optional;
            else if (best == Need::unknown) ++m_unknown;
            else ++m_missing, note("PY041", name, "locked " + locked_as(*which) + ", not installed");
        }
    }

    // PEP 751: it must be refused when the markers leave more than one.
    void ambiguous() {
        if (m_lock.kind != LockKind::pylock) return;
        for (const auto& [name, indexes] : m_by_name) {
            const auto fitting = std::ranges::count_if(indexes, [&](std::size_t i) { return m_needs[i] == Need::needed; });
            if (fitting > 1) m_notes.push_back({"PY044", name, m_lock.path, std::to_string(fitting) + " packages of the name " + name + " fit this environment"});
        }
    }

    void unhashed() {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < m_lock.packages.size(); ++i) {
            const auto& package = m_lock.packages[i];
            if (package.source != SourceKind::index || m_needs[i] == Need::not_here || package.version.empty()) continue;
            if (std::ranges::all_of(package.files, [](const auto& file) { return file.hashes.empty(); }) && (names.empty() || names.back() != package.name)) {
                names.push_back(package.name);
            }
        }
        if (!names.empty()) note("PY045", "", "no hash for " + list_some(names));
    }

    const ProjectLock& m_lock;
    std::vector<Need> m_needs;
    const Family& m_family;
    std::vector<Note>& m_notes;
    std::string m_subject;
    std::map<std::string, std::vector<std::size_t>, std::less<>> m_by_name;
    std::set<std::string, std::less<>> m_installed, m_elsewhere;
    std::size_t m_same = 0, m_differ = 0, m_other_file = 0, m_missing = 0, m_extra = 0, m_from_base = 0, m_optional = 0, m_unknown = 0;
};

std::map<LockKind, Family> find_families(const std::vector<ProjectLock>& locks, const std::vector<std::vector<Need>>& needs) {
    std::map<LockKind, Family> out;
    for (std::size_t i = 0; i < locks.size(); ++i) {
        auto& family = out[locks[i].kind];
        family.files.append(family.files.empty() ? "" : ", ").append(locks[i].path);
        if (family.speaker == nullptr && locks[i].complete) family.speaker = &locks[i];
        for (std::size_t j = 0; j < needs[i].size(); ++j) {
            if (needs[i][j] != Need::not_here) family.names.insert(locks[i].packages[j].name);
        }
    }
    return out;
}

}  // namespace

void compare_with_locks(const ProbeContext& context, const Playground& playground, std::vector<Distribution>& distributions, std::vector<Note>& notes) {
    const auto locks = read_project_locks(context, notes);
    if (locks.empty()) return;
    const auto version = describe_interpreter(playground, PathNames(context, playground.prefix)).version;
    const auto environment = read_marker_environment(context, playground, version);
    std::vector<std::vector<Need>> needs;
    needs.reserve(locks.size());
    for (const auto& lock : locks) needs.push_back(find_needs(lock, environment));
    const auto families = find_families(locks, needs);
    for (std::size_t i = 0; i < locks.size(); ++i) {
        Comparison comparison(locks[i], std::move(needs[i]), families.at(locks[i].kind), notes);
        comparison.python(version);
        comparison.environment(environment);
        for (auto& each : distributions) {
            if (each.component.key.empty()) continue;
            if (each.site.layer == "venv") comparison.installed(each);
            else comparison.elsewhere(each.component.key);
        }
        comparison.finish();
    }
}

}  // namespace envlock::python
