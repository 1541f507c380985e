#pragma once

#include "layers/native/inventory.hpp"
#include "layers/native/loader_profile.hpp"
#include "layers/native/object_store.hpp"

#include <map>

namespace envlock::native {

// Who provides one needed library of one file.
struct NativeEdge {
    std::string needed;
    std::string provider;       // "same-wheel", "other-wheel:NAME", "preloaded:NAME", "nix-store:NAME",
                                // "driver", "toolkit", "host", "not-found"
    std::string identity;       // real path of the provider, or ""
    const elf::ElfObject* object = nullptr;  // the provider
    std::string shadowed;       // the playground's file that LD_LIBRARY_PATH hides, or ""
    std::string bad_file;       // the text file at which the search ended, or ""
};

struct NativeObject {
    const NativeFile* file = nullptr;
    const elf::ElfObject* object = nullptr;
    std::vector<NativeEdge> edges;  // in the order of DT_NEEDED
};

// Opens every object in turn, as an import would, in a process that has only the interpreter
// loaded, and takes for each needed library what was found then. A library that only its parents
// can find (their RPATH, or an earlier module) takes what it gets under them. One that nobody
// finds while the playground has it is "preloaded": Python code must load it first.
std::vector<NativeObject> resolve_edges(const std::vector<NativeFile>& files, const Loader& loader, ObjectStore& store);

// What class of place a provider lies in, without anything that differs between machines.
std::string provider_class(const std::string& identity, const std::string& soname);

}  // namespace envlock::native
