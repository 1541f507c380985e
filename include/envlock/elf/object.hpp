#pragma once

#include <envlock/base/result.hpp>
#include <envlock/ports/file_tree.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::elf {

// The versions an object asks of one library ("libc.so.6": GLIBC_2.17, GLIBC_2.34). Weak ones,
// whose absence the loader forgives, are left out.
struct VersionNeed {
    std::string library;
    std::vector<std::string> versions;
    bool operator==(const VersionNeed&) const = default;
};

// What the dynamic loader would read of one file. Everything comes through the program headers
// and PT_DYNAMIC, as for the loader: section headers may be stripped, or lie.
struct ElfObject {
    int bits = 0;             // 32 or 64
    bool big_endian = false;
    std::uint16_t machine = 0, type = 0;  // EM_…, ET_…
    std::string soname;
    std::vector<std::string> needed;
    std::vector<std::string> rpath, runpath;  // split at ':', unexpanded; an empty element is kept
    bool has_rpath = false, has_runpath = false, no_default_dirs = false;  // DF_1_NODEFLIB
    bool dynamic = false;     // has a PT_DYNAMIC at all
    std::string interp;       // PT_INTERP, or ""
    std::string build_id;     // hex, or ""
    std::vector<VersionNeed> version_needs;
    std::vector<std::string> version_defs;
    bool truncated = false;   // a PT_LOAD ends behind the end of the file
};

bool has_magic(std::string_view bytes);
std::string machine_name(std::uint16_t machine);  // "x86_64", "aarch64", …, or "machine 123"

// Reads an object in a few small reads, whatever the size of the file. Every offset and count is
// checked against the file and capped. elf_malformed when it is no ELF file or contradicts
// itself; a truncated object is returned with what could still be read.
Result<ElfObject> read_object(const OpenFile& file, std::string_view subject);

}  // namespace envlock::elf
