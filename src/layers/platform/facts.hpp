#pragma once

#include <envlock/layer/layer.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::platform {

// os-release(5): NAME=value lines, quoted as a shell would; what is no such line is skipped.
std::map<std::string, std::string> parse_os_release(std::string_view text);

// "x86_64" of the first 20 bytes of an ELF file; nullopt: no ELF file, or a machine without a name here.
std::optional<std::string> elf_machine(std::string_view header);

struct Libc {
    std::string family;   // "glibc", "musl"
    std::string version;  // "2.36", or ""
    std::string file;     // where it was read
};
std::optional<Libc> find_libc(const FileTree& files);

// "2.36" of text in which glibc introduces itself, or "".
std::string glibc_version_in(std::string_view bytes);

Component os_component(const ProbeContext& context);
Component arch_component(const ProbeContext& context);
Component libc_component(const ProbeContext& context);
Component distribution_component(const ProbeContext& context, const Component& os);
Component kernel_component(const ProbeContext& context);
// One component a variable that is set and on the list.
std::vector<Component> variable_components(const ProbeContext& context, std::vector<Note>& notes);

}  // namespace envlock::platform
