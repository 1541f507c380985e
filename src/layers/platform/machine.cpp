#include "layers/platform/facts.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>

namespace envlock::platform {
namespace {

constexpr std::size_t k_small = 64U << 10U;

std::string first_line(const ProbeContext& context, std::string_view path) {
    const auto text = context.files.read(path, k_small);
    if (!text) return {};
    const auto lines = split_lines(*text);
    return lines.empty() ? std::string() : escape_controls(trim(lines[0]));
}

std::string opaque(Component& component, std::string value) {
    component.version = value;
    component.path = {{"value", value}};
    return value;
}

}  // namespace

std::optional<std::string> elf_machine(std::string_view header) {
    struct Row {
        unsigned number;
        std::string_view name;
    };
    // Numbers of the ELF specification's e_machine.
    constexpr std::array<Row, 9> rows{{{62, "x86_64"}, {183, "aarch64"}, {3, "i686"}, {40, "armv7l"}, {243, "riscv64"},
                                       {22, "s390x"}, {21, "ppc64"}, {258, "loongarch64"}, {8, "mips"}}};
    if (header.size() < 20 || !header.starts_with("\x7f"
                                                  "ELF"))
        return std::nullopt;
    const bool little = header[5] == 1;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(header[at])); };
    const auto number = little ? byte(18) | (byte(19) << 8U) : byte(19) | (byte(18) << 8U);
    const auto found = std::ranges::find(rows, number, &Row::number);
    if (found == rows.end()) return std::nullopt;
    return std::string(found->name) + (number == 21 && little ? "le" : "");
}

Component os_component(const ProbeContext& context) {
    Component out{.key = "os", .kind = "platform"};
    const auto& files = context.files;
    const auto type = ascii_lower(first_line(context, "/proc/sys/kernel/ostype"));
    if (!type.empty()) opaque(out, type);
    else if (files.is_regular("/System/Library/CoreServices/SystemVersion.plist")) opaque(out, "macos");
    else if (files.is_regular("/etc/os-release") || files.is_regular("/usr/lib/os-release")) opaque(out, "linux");
    else out.unknown = true;
    return out;
}

Component arch_component(const ProbeContext& context) {
    constexpr std::size_t header = 20;
    Component out{.key = "arch", .kind = "platform"};
    std::vector<std::string> programs{"/bin/sh", "/usr/bin/env"};
    // What the playground runs on may be a translated machine: its own interpreter comes first.
    if (!context.project.venv.empty()) programs.insert(programs.begin(), join(context.project.venv, "bin/python"));
    for (const auto& program : programs) {
        const auto file = context.files.open(program);
        if (!file) continue;
        const auto bytes = (*file)->read_at(0, header);
        if (!bytes) continue;
        if (const auto name = elf_machine(*bytes)) return opaque(out, *name), out;
    }
    const auto kernel = first_line(context, "/proc/sys/kernel/arch");
    if (kernel.empty()) out.unknown = true;
    else opaque(out, kernel);
    return out;
}

Component distribution_component(const ProbeContext& context, const Component& os) {
    Component out{.key = "distribution", .kind = "platform"};
    auto text = context.files.read("/etc/os-release", k_small);
    if (!text) text = context.files.read("/usr/lib/os-release", k_small);
    if (!text) {
        out.unknown = os.version == "linux" || os.unknown;
        return out;
    }
    const auto release = parse_os_release(*text);
    const auto value = [&](const char* key) {
        const auto found = release.find(key);
        return found == release.end() ? std::string() : escape_controls(found->second);
    };
    const auto id = value("ID").empty() ? std::string("linux") : value("ID");
    const auto version = value("VERSION_ID");
    opaque(out, version.empty() ? id : id + "-" + version);
    if (!value("PRETTY_NAME").empty()) out.facts["prettyName"] = value("PRETTY_NAME");
    if (!value("ID_LIKE").empty()) out.facts["idLike"] = value("ID_LIKE");
    return out;
}

Component kernel_component(const ProbeContext& context) {
    // No levels: a kernel update is worth knowing, and no drift of the environment.
    Component out{.key = "kernel", .kind = "platform", .version = first_line(context, "/proc/sys/kernel/osrelease")};
    out.facts["wsl"] = ascii_lower(out.version).find("microsoft") != std::string::npos;
    return out;
}

}  // namespace envlock::platform
