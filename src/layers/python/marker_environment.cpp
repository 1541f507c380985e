#include "layers/python/marker_environment.hpp"

#include <algorithm>

namespace envlock::python {
namespace {

// The part of `platform.machine()` that an ELF header of 64 bits tells, or "". A program of 32 bits
// may run on a kernel of 64, whose name Python would give.
std::string machine_of(std::string_view header) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(header[at]); };
    if (byte(4) != 2) return {};
    const bool little = byte(5) == 1;
    switch (little ? byte(18) | byte(19) << 8 : byte(19) | byte(18) << 8) {
        case 62: return "x86_64";
        case 183: return "aarch64";
        case 243: return "riscv64";
        case 21: return little ? "ppc64le" : "ppc64";
        case 22: return "s390x";
        case 258: return "loongarch64";
        default: return {};
    }
}

void read_platform(const ProbeContext& context, const Playground& playground, pylock::MarkerEnvironment& out) {
    constexpr std::size_t k_header = 20;
    if (playground.dangling || playground.interpreter.empty()) return;
    const auto file = context.files.open(playground.interpreter.back());
    const auto header = file ? (*file)->read_at(0, k_header) : Result<std::string>(tl::make_unexpected(file.error()));
    if (!header || !header->starts_with("\x7f" "ELF")) return;
    constexpr char k_system_v = 0, k_linux = 3;
    const char abi = (*header)[7];
    if (abi != k_system_v && abi != k_linux) return;
    out.variables["os_name"] = "posix";
    out.variables["sys_platform"] = "linux";
    out.variables["platform_system"] = "Linux";
    if (auto machine = machine_of(*header); !machine.empty()) out.variables["platform_machine"] = std::move(machine);
}

}  // namespace

pylock::MarkerEnvironment read_marker_environment(const ProbeContext& context, const Playground& playground, const std::string& full_version) {
    pylock::MarkerEnvironment out;
    const bool full = std::ranges::count(full_version, '.') >= 2;
    if (!playground.python_version.empty()) out.variables["python_version"] = playground.python_version;
    if (full) out.variables["python_full_version"] = full_version;
    if (!playground.implementation.empty()) {
        out.variables["implementation_name"] = playground.implementation;
        out.variables["platform_python_implementation"] = playground.implementation == "pypy" ? "PyPy" : "CPython";
        if (full && playground.implementation == "cpython") out.variables["implementation_version"] = full_version;
    }
    read_platform(context, playground, out);
    return out;
}

}  // namespace envlock::python
