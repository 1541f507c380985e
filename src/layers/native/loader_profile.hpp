#pragma once

#include <envlock/elf/resolve.hpp>
#include <envlock/layer/layer.hpp>

#include <memory>

namespace envlock::native {

// The loader that would serve the playground's interpreter.
struct Loader {
    std::string interpreter;   // the real file; "" when it cannot be reached
    std::string interp;        // its PT_INTERP, links resolved where they can be
    elf::LoaderProfile profile;
    std::unique_ptr<elf::LdCache> cache;  // what profile.cache points to
    std::vector<Note> notes;
};

Loader find_loader(const ProbeContext& context, const elf::ElfObject* program, std::string interpreter);

}  // namespace envlock::native
