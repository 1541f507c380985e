#include <envlock/elf/object.hpp>

#include "elf/byte_window.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace envlock::elf {
namespace {

constexpr std::size_t k_most_dynamic = 4'096;  // entries; real objects have some tens
constexpr std::size_t k_most_needed = 1'024, k_most_dirs = 512;  // each name is looked for in each folder
constexpr std::size_t k_most_versions = 65'536;
constexpr std::size_t k_longest_name = 4'096, k_longest_version = 256, k_longest_path_list = 65'536;
constexpr std::uint32_t k_pt_load = 1, k_pt_dynamic = 2, k_pt_interp = 3, k_pt_note = 4;
constexpr std::uint64_t k_df_1_nodeflib = 0x800;
enum Tag : std::uint64_t {
    k_null = 0, k_needed = 1, k_strtab = 5, k_strsz = 10, k_soname = 14, k_rpath = 15, k_runpath = 29,
    k_flags_1 = 0x6ffffffb, k_verdef = 0x6ffffffc, k_verdefnum = 0x6ffffffd, k_verneed = 0x6ffffffe, k_verneednum = 0x6fffffff,
};

struct Segment {
    std::uint32_t type = 0;
    std::uint64_t offset = 0, address = 0, size = 0;
};

// One walk over one file; the methods follow the order of the format.
class Reader {
public:
    Reader(const OpenFile& file, std::string_view subject) : m_window(file), m_subject(subject) {}

    Result<ElfObject> read() {
        ENVLOCK_CHECK(header());
        ENVLOCK_CHECK(segments());
        for (const auto& segment : m_segments) {
            if (segment.type == k_pt_load) m_out.truncated |= segment.offset > m_window.size() || segment.size > m_window.size() - segment.offset;
        }
        auto rest = contents();
        // A cut file often has lost its tables: that it is cut is the answer then.
        if (!rest && !m_out.truncated) return tl::make_unexpected(std::move(rest.error()));
        return std::move(m_out);
    }

private:
    Error broken(std::string what) const { return {ErrorCode::elf_malformed, m_subject, std::move(what)}; }
    template <class T>
    Result<T> number(std::uint64_t offset, std::string_view what) {
        const auto value = m_window.number<T>(offset);
        if (!value) return tl::make_unexpected(broken(std::string(what) + " is outside the file"));
        return *value;
    }
    Result<std::uint64_t> word(std::uint64_t offset, std::string_view what) {
        if (m_out.bits == 64) return number<std::uint64_t>(offset, what);
        const auto value = number<std::uint32_t>(offset, what);
        if (!value) return tl::make_unexpected(value.error());
        return std::uint64_t{*value};
    }

    Result<void> header() {
        const auto ident = m_window.bytes(0, 16);
        if (!ident || !has_magic(*ident)) return tl::make_unexpected(broken(m_window.size() < 16 ? "too short for an ELF file" : "not an ELF file"));
        const char bits = (*ident)[4], order = (*ident)[5];
        if (bits != 1 && bits != 2) return tl::make_unexpected(broken("unknown ELF class"));
        if (order != 1 && order != 2) return tl::make_unexpected(broken("unknown byte order"));
        m_out.bits = bits == 2 ? 64 : 32;
        m_out.big_endian = order == 2;
        m_window.set_big_endian(m_out.big_endian);
        m_out.type = ENVLOCK_TRY(number<std::uint16_t>(16, "the header"));
        m_out.machine = ENVLOCK_TRY(number<std::uint16_t>(18, "the header"));
        return {};
    }

    Result<void> segments() {
        const bool wide = m_out.bits == 64;
        const auto table = ENVLOCK_TRY(word(wide ? 32 : 28, "the header"));
        const auto stride = ENVLOCK_TRY(number<std::uint16_t>(wide ? 54 : 42, "the header"));
        const auto count = ENVLOCK_TRY(number<std::uint16_t>(wide ? 56 : 44, "the header"));
        if (count == 0) return {};
        if (count == 0xffff || stride < (wide ? 56 : 32)) return tl::make_unexpected(broken("program header table has an impossible size"));
        if (table > m_window.size() || std::uint64_t{count} * stride > m_window.size() - table) {
            return tl::make_unexpected(broken("program header table is outside the file"));
        }
        m_segments.reserve(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto at = table + i * stride;
            Segment segment;
            segment.type = ENVLOCK_TRY(number<std::uint32_t>(at, "a program header"));
            segment.offset = ENVLOCK_TRY(word(at + (wide ? 8 : 4), "a program header"));
            segment.address = ENVLOCK_TRY(word(at + (wide ? 16 : 8), "a program header"));
            segment.size = ENVLOCK_TRY(word(at + (wide ? 32 : 16), "a program header"));
            m_segments.push_back(segment);
        }
        return {};
    }

    Result<void> contents() {
        for (const auto& segment : m_segments) {
            if (segment.type == k_pt_interp) {
                const auto text = m_window.text(segment.offset, std::min<std::uint64_t>(segment.size, k_longest_name));
                if (!text) return tl::make_unexpected(broken("the interpreter's name is outside the file"));
                m_out.interp = *text;
            } else if (segment.type == k_pt_note) {
                notes(segment);
            } else if (segment.type == k_pt_dynamic && !m_out.dynamic) {
                m_out.dynamic = true;
                ENVLOCK_CHECK(dynamic(segment));
            }
        }
        return {};
    }

    void notes(const Segment& segment) {  // a broken note costs the build id, nothing else
        std::uint64_t at = segment.offset;
        const auto end = segment.size > 65'536 ? segment.offset : segment.offset + segment.size;
        for (int i = 0; i < 64 && end >= 12 && at <= end - 12; ++i) {
            const auto name = m_window.number<std::uint32_t>(at), size = m_window.number<std::uint32_t>(at + 4), type = m_window.number<std::uint32_t>(at + 8);
            if (!name || !size || !type || *name > 256 || *size > 65'536) return;
            const auto content = at + 12 + ((*name + 3U) & ~3U);
            if (*type == 3 && *name == 4 && m_window.bytes(at + 12, 4) == std::string_view("GNU\0", 4) && *size <= 64) {
                if (const auto id = m_window.bytes(content, *size)) m_out.build_id = to_hex(*id);
                return;
            }
            at = content + ((*size + 3U) & ~3U);
        }
    }

    std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
        for (const auto& segment : m_segments) {
            if (segment.type == k_pt_load && address >= segment.address && address - segment.address < segment.size) {
                return segment.offset + (address - segment.address);
            }
        }
        return std::nullopt;
    }

    Result<void> dynamic(const Segment& segment) {
        const std::uint64_t step = m_out.bits == 64 ? 16 : 8;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> names;  // tags whose value is a string
        std::map<std::uint64_t, std::uint64_t> values;
        const auto count = segment.size / step;
        if (count > k_most_dynamic) return tl::make_unexpected(broken("dynamic section is too large"));
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto tag = ENVLOCK_TRY(word(segment.offset + i * step, "the dynamic section"));
            const auto value = ENVLOCK_TRY(word(segment.offset + i * step + step / 2, "the dynamic section"));
            if (tag == k_null) break;
            if (tag == k_needed || tag == k_soname || tag == k_rpath || tag == k_runpath) names.emplace_back(tag, value);
            else values.insert_or_assign(tag, value);
        }
        m_out.no_default_dirs = values.contains(k_flags_1) && (values[k_flags_1] & k_df_1_nodeflib) != 0;
        if (!values.contains(k_strtab)) return names.empty() ? Result<void>{} : tl::make_unexpected(broken("no string table"));
        const auto strings = offset_of(values[k_strtab]);
        if (!strings) return tl::make_unexpected(broken("string table is in no segment"));
        m_strings = *strings;
        m_strings_size = values[k_strsz];
        for (const auto& [tag, offset] : names) {
            const auto text = ENVLOCK_TRY(name(offset, tag == k_rpath || tag == k_runpath ? k_longest_path_list : k_longest_name));
            take(tag, text);
        }
        if (m_out.needed.size() > k_most_needed) return tl::make_unexpected(broken("needs too many libraries"));
        if (m_out.rpath.size() > k_most_dirs || m_out.runpath.size() > k_most_dirs) return tl::make_unexpected(broken("has too many search folders"));
        if (values.contains(k_verneed)) ENVLOCK_CHECK(version_needs(values[k_verneed], values[k_verneednum]));
        if (values.contains(k_verdef)) ENVLOCK_CHECK(version_defs(values[k_verdef], values[k_verdefnum]));
        return {};
    }

    void take(std::uint64_t tag, const std::string& text) {
        if (tag == k_needed) m_out.needed.push_back(text);
        if (tag == k_soname) m_out.soname = text;
        if (tag != k_rpath && tag != k_runpath) return;
        auto& list = tag == k_rpath ? m_out.rpath : m_out.runpath;
        (tag == k_rpath ? m_out.has_rpath : m_out.has_runpath) = true;
        list.clear();
        for (const auto piece : split(text, ':')) list.emplace_back(piece);
    }

    Result<std::string> name(std::uint64_t offset, std::size_t longest) {
        if (offset >= m_strings_size) return tl::make_unexpected(broken("a name is outside the string table"));
        auto text = m_window.text(m_strings + offset, std::min<std::uint64_t>(m_strings_size - offset, longest));
        if (!text) return tl::make_unexpected(broken("a name is outside the file or does not end"));
        return *std::move(text);
    }

    Result<std::string> name_at(std::uint64_t where, std::string_view what, std::size_t longest) {
        const auto offset = ENVLOCK_TRY(number<std::uint32_t>(where, what));
        return name(offset, longest);
    }

    // Both version tables are linked lists of relative offsets. Offsets are unsigned, so a list
    // only moves forward; a step of zero ends it, and the total is capped.
    Result<void> version_needs(std::uint64_t address, std::uint64_t count) {
        auto at = offset_of(address);
        if (!at) return tl::make_unexpected(broken("version needs are in no segment"));
        std::size_t total = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
            VersionNeed need;
            const auto names = ENVLOCK_TRY(number<std::uint16_t>(*at + 2, "a version need"));
            need.library = ENVLOCK_TRY(name_at(*at + 4, "a version need", k_longest_name));
            auto aux = *at + ENVLOCK_TRY(number<std::uint32_t>(*at + 8, "a version need"));
            for (std::uint16_t k = 0; k < names; ++k) {
                if (++total > k_most_versions) return tl::make_unexpected(broken("too many version needs"));
                const auto flags = ENVLOCK_TRY(number<std::uint16_t>(aux + 4, "a version need"));
                auto version = ENVLOCK_TRY(name_at(aux + 8, "a version need", k_longest_version));
                if ((flags & 2U) == 0) need.versions.push_back(std::move(version));  // VER_FLG_WEAK
                const auto next = ENVLOCK_TRY(number<std::uint32_t>(aux + 12, "a version need"));
                if (next == 0) break;
                aux += next;
            }
            m_out.version_needs.push_back(std::move(need));
            const auto next = ENVLOCK_TRY(number<std::uint32_t>(*at + 12, "a version need"));
            if (next == 0 || ++total > k_most_versions) break;
            *at += next;
        }
        return {};
    }

    Result<void> version_defs(std::uint64_t address, std::uint64_t count) {
        auto at = offset_of(address);
        if (!at) return tl::make_unexpected(broken("version definitions are in no segment"));
        for (std::uint64_t i = 0; i < count && i < k_most_versions; ++i) {
            const auto flags = ENVLOCK_TRY(number<std::uint16_t>(*at + 2, "a version definition"));
            const auto aux = *at + ENVLOCK_TRY(number<std::uint32_t>(*at + 12, "a version definition"));
            auto version = ENVLOCK_TRY(name_at(aux, "a version definition", k_longest_version));
            if ((flags & 1U) == 0) m_out.version_defs.push_back(std::move(version));  // VER_FLG_BASE is the file's own name
            const auto next = ENVLOCK_TRY(number<std::uint32_t>(*at + 16, "a version definition"));
            if (next == 0) break;
            *at += next;
        }
        return {};
    }

    ByteWindow m_window;
    std::string m_subject;
    ElfObject m_out;
    std::vector<Segment> m_segments;
    std::uint64_t m_strings = 0, m_strings_size = 0;
};

}  // namespace

bool has_magic(std::string_view bytes) { return bytes.starts_with("\x7f" "ELF"); }

std::string machine_name(std::uint16_t machine) {
    switch (machine) {
        case 3: return "i386";
        case 8: return "mips";
        case 20: return "ppc";
        case 21: return "ppc64";
        case 22: return "s390";
        case 40: return "arm";
        case 62: return "x86_64";
        case 183: return "aarch64";
        case 243: return "riscv";
        case 258: return "loongarch";
        default: return "machine " + std::to_string(machine);
    }
}

Result<ElfObject> read_object(const OpenFile& file, std::string_view subject) { return Reader(file, subject).read(); }

}  // namespace envlock::elf
