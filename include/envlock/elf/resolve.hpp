#pragma once

#include <envlock/elf/ld_cache.hpp>
#include <envlock/elf/object.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace envlock::elf {

// The loader that is imitated: that of the interpreter, never simply the host's.
struct LoaderProfile {
    bool musl = false;
    std::vector<std::string> library_path;  // LD_LIBRARY_PATH, split at ':' and ';'
    std::vector<std::string> default_dirs;
    const LdCache* cache = nullptr;         // nullptr: that loader has none
    std::string lib = "lib64";              // $LIB
    std::string platform = "x86_64";        // $PLATFORM
    int bits = 64;
    std::uint16_t machine = 62;
};

// What lies at a path. `object` belongs to whoever answers and outlives the resolver.
struct Candidate {
    enum class State : std::uint8_t { missing, found, not_elf } state = State::missing;
    const ElfObject* object = nullptr;
    std::string identity;  // path with links resolved: two names of one file are one library
};
using Lookup = std::function<Candidate(const std::string& path)>;

enum class Found : std::uint8_t {
    loaded,        // an object in memory already has that name
    path,          // the name itself is a path
    rpath, library_path, runpath, cache, default_dir,
    nowhere,
    bad_file,      // the search ends at a file that is no ELF object: the loader gives up there
};
std::string_view to_string(Found found);

struct Edge {
    std::size_t from = 0;  // index into Process::objects()
    std::string needed;
    Found found = Found::nowhere;
    std::size_t to = 0;    // index, when something was found
    std::string path;      // of the bad file
};

struct LoadedObject {
    std::string path;      // by which it was found: what $ORIGIN means
    std::string identity;
    const ElfObject* object = nullptr;
    std::size_t loader = 0;  // who asked for it; itself for a root
};

// A process in thought: loads a program, then opens modules one after the other, each time from
// the same starting point. No disk, no environment: files are asked for through `lookup`.
// Not imitated: glibc-hwcaps folders, LD_PRELOAD, LD_AUDIT, dlopen by name at run time.
class Process {
public:
    Process(LoaderProfile profile, Lookup lookup) : m_profile(std::move(profile)), m_lookup(std::move(lookup)) {}

    // Loads the main program and all it needs; its edges. Nothing when `path` is no ELF object.
    std::vector<Edge> start(const std::string& path);
    // dlopen(path) with only the program loaded before; the edges of everything newly loaded.
    std::vector<Edge> open(const std::string& path);

    const std::vector<LoadedObject>& objects() const { return m_objects; }

private:
    std::optional<std::size_t> find_loaded(const std::string& name) const;
    std::size_t add(std::string path, const Candidate& candidate, std::size_t loader, const std::string& asked_as);
    std::vector<Edge> load_needed(std::size_t first);
    Edge resolve(std::size_t from, const std::string& needed);
    bool try_dirs(const std::vector<std::string>& dirs, const std::string& origin, Found how, Edge& edge);
    bool try_path(const std::string& path, Found how, Edge& edge);
    bool search(Edge& edge);
    bool search_musl(Edge& edge);
    std::string expand(const std::string& text, const std::string& origin) const;
    bool fits(const ElfObject& object) const { return object.bits == m_profile.bits && object.machine == m_profile.machine; }
    void forget_opened();

    LoaderProfile m_profile;
    Lookup m_lookup;
    std::vector<LoadedObject> m_objects;
    std::size_t m_program = 0;  // how many objects the program itself has loaded
    std::unordered_map<std::string, std::size_t> m_names;  // sonames and asked-for names → object
    std::vector<std::string> m_opened_names;               // to be forgotten before the next open
    std::unordered_map<std::string, std::size_t> m_identities;
};

}  // namespace envlock::elf
