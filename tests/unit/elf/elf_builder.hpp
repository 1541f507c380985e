#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace envlock::test {

// Writes small ELF64 little-endian shared objects: what a linker would leave of one, without code.
struct ElfBuilder {
    std::uint16_t machine = 62;
    std::string soname, interp, rpath, runpath;
    std::vector<std::string> needed;
    std::vector<std::pair<std::string, std::vector<std::string>>> needs;  // library → versions
    std::vector<std::string> defs;
    bool with_rpath = false, with_runpath = false;

    std::string build() const {
        std::string strings(1, '\0');
        const auto name = [&](const std::string& text) {
            const auto at = strings.size();
            strings += text + '\0';
            return static_cast<std::uint64_t>(at);
        };
        std::vector<std::pair<std::uint64_t, std::uint64_t>> dynamic;
        for (const auto& library : needed) dynamic.emplace_back(1, name(library));
        if (!soname.empty()) dynamic.emplace_back(14, name(soname));
        if (with_rpath || !rpath.empty()) dynamic.emplace_back(15, name(rpath));
        if (with_runpath || !runpath.empty()) dynamic.emplace_back(29, name(runpath));
        std::string verneed, verdef;
        for (std::size_t i = 0; i < needs.size(); ++i) {
            const auto& [library, versions] = needs[i];
            put(verneed, 1, 2), put(verneed, versions.size(), 2), put(verneed, name(library), 4), put(verneed, 16, 4);
            put(verneed, i + 1 < needs.size() ? 16 + 16 * versions.size() : 0, 4);
            for (std::size_t k = 0; k < versions.size(); ++k) {
                put(verneed, 0, 4), put(verneed, 0, 2), put(verneed, 2, 2), put(verneed, name(versions[k]), 4), put(verneed, k + 1 < versions.size() ? 16 : 0, 4);
            }
        }
        for (std::size_t i = 0; i < defs.size(); ++i) {
            put(verdef, 1, 2), put(verdef, 0, 2), put(verdef, i + 1, 2), put(verdef, 1, 2), put(verdef, 0, 4), put(verdef, 20, 4);
            put(verdef, i + 1 < defs.size() ? 28 : 0, 4), put(verdef, name(defs[i]), 4), put(verdef, 0, 4);
        }
        const std::uint64_t start = 64 + 3 * 56, base = 0x10000;  // addresses differ from offsets on purpose
        const auto strings_at = start + interp.size() + 1, needs_at = strings_at + strings.size(), defs_at = needs_at + verneed.size(), dynamic_at = defs_at + verdef.size();
        dynamic.emplace_back(5, base + strings_at);
        dynamic.emplace_back(10, strings.size());
        if (!needs.empty()) dynamic.emplace_back(0x6ffffffe, base + needs_at), dynamic.emplace_back(0x6fffffff, needs.size());
        if (!defs.empty()) dynamic.emplace_back(0x6ffffffc, base + defs_at), dynamic.emplace_back(0x6ffffffd, defs.size());
        dynamic.emplace_back(0, 0);
        const auto total = dynamic_at + dynamic.size() * 16;

        std::string out("\x7f" "ELF\x02\x01\x01", 7);
        out.resize(16, '\0');
        put(out, 3, 2), put(out, machine, 2), put(out, 1, 4), put(out, 0, 8), put(out, 64, 8), put(out, 0, 8), put(out, 0, 4);
        put(out, 64, 2), put(out, 56, 2), put(out, interp.empty() ? 2 : 3, 2), put(out, 0, 2), put(out, 0, 2), put(out, 0, 2);
        segment(out, 1, 0, base, total);
        segment(out, 2, dynamic_at, base + dynamic_at, dynamic.size() * 16);
        segment(out, 3, start, base + start, interp.size() + 1);
        out += interp + '\0' + strings + verneed + verdef;
        for (const auto& [tag, value] : dynamic) put(out, tag, 8), put(out, value, 8);
        return out;
    }

private:
    static void put(std::string& out, std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xffU);
    }
    static void segment(std::string& out, std::uint64_t type, std::uint64_t offset, std::uint64_t address, std::uint64_t size) {
        put(out, type, 4), put(out, 4, 4), put(out, offset, 8), put(out, address, 8), put(out, address, 8), put(out, size, 8), put(out, size, 8), put(out, 8, 8);
    }
};

}  // namespace envlock::test
