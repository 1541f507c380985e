#include "layers/native/inventory.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/dist/record.hpp>
#include <envlock/version/name.hpp>

#include <algorithm>

namespace envlock::native {
namespace {

constexpr std::size_t k_most_files = 100'000, k_most_folders = 500'000;
constexpr std::size_t k_deepest = 64;

// A row can only matter when it names a library or a program: most of a RECORD is skipped unread.
std::string interesting_rows(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at);
        if (line.find(".so") != std::string_view::npos || line.find("bin/") != std::string_view::npos) (out += line) += '\n';
        at = end + 1;
    }
    return out;
}

std::string owner_name(std::string_view metadata_path) {
    auto base = file_name(metadata_path);
    for (const auto suffix : {".dist-info", ".egg-info"}) {
        if (base.ends_with(suffix)) base.remove_suffix(std::string_view(suffix).size());
    }
    return normalize_name(base.substr(0, base.find('-')));
}

std::unordered_map<std::string, std::string> read_owners(const ProbeContext& context, const Playground& playground, std::vector<Note>& notes) {
    std::unordered_map<std::string, std::string> owners;
    for (const auto& installed : list_installed(context, playground, notes)) {
        const auto& site = playground.site_dirs[installed.site];
        if (site.layer != "venv" || installed.kind != InstalledKind::dist_info) continue;
        const auto record = context.files.read(join(installed.path, "RECORD"), 64U << 20U);
        if (!record) continue;  // the python layer says so
        const auto rows = parse_record(interesting_rows(*record), installed.path);
        if (!rows) continue;
        const auto name = owner_name(installed.path);
        for (const auto& row : *rows) {
            if (const auto path = confine_record_path(row.path, site.path, playground.prefix)) owners.emplace(*path, name);
        }
    }
    return owners;
}

class Walk {
public:
    Walk(const ProbeContext& context, std::vector<NativeFile>& out) : m_context(context), m_out(out) {}

    void below(const std::string& top, const std::string& shown_top) {
        m_todo.push_back({top, shown_top, 0});
        while (!m_todo.empty() && m_out.size() < k_most_files && ++m_folders < k_most_folders) {
            const auto folder = std::move(m_todo.back());
            m_todo.pop_back();
            one(folder);
        }
    }

private:
    struct Folder {
        std::string path, shown;
        std::size_t depth;
    };

    void one(const Folder& folder) {
        const auto entries = m_context.files.list(folder.path);
        if (!entries) return;
        const bool programs = file_name(folder.path) == "bin";
        for (const auto& entry : *entries) {
            const auto path = join(folder.path, entry.name);
            auto shown = folder.shown.empty() ? entry.name : folder.shown + "/" + entry.name;
            if (entry.kind == FileKind::directory) {
                if (entry.name != "__pycache__" && folder.depth < k_deepest) m_todo.push_back({path, std::move(shown), folder.depth + 1});
            } else if (entry.kind == FileKind::regular) {
                const bool library = is_library_name(entry.name);
                if (library || (programs && may_be_program(path, entry.name))) m_out.push_back({path, std::move(shown), "unowned", library});
            }
        }
    }

    bool may_be_program(const std::string& path, std::string_view name) const {
        if (name.find(".py") != std::string_view::npos) return false;
        const auto file = m_context.files.open(path);
        if (!file || (*file)->size() < 64) return false;
        const auto start = (*file)->read_at(0, 4);
        return start && *start == "\x7f" "ELF";
    }

    const ProbeContext& m_context;
    std::vector<NativeFile>& m_out;
    std::vector<Folder> m_todo;
    std::size_t m_folders = 0;
};

}  // namespace

bool is_library_name(std::string_view name) {
    const auto so = name.rfind(".so");
    if (so == std::string_view::npos || so == 0) return false;
    const auto rest = name.substr(so + 3);
    return rest.empty() || (rest.front() == '.' && rest.size() > 1 && rest.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::vector<NativeFile> list_native_files(const ProbeContext& context, const Playground& playground, std::vector<Note>& notes) {
    std::vector<NativeFile> out;
    Walk walk(context, out);
    for (const auto& site : playground.site_dirs) {
        if (site.layer == "venv") walk.below(site.path, {});
    }
    walk.below(join(playground.prefix, "bin"), "bin");
    if (out.size() >= k_most_files) notes.push_back({"", "", "native files", "more than " + std::to_string(k_most_files) + ": the rest was not looked at"});
    const auto owners = read_owners(context, playground, notes);
    for (auto& file : out) {
        if (const auto owner = owners.find(file.path); owner != owners.end()) file.owner = owner->second;
    }
    std::ranges::sort(out, {}, &NativeFile::path);
    // lib64 may be another name of lib: the same site dir must not count twice.
    out.erase(std::unique(out.begin(), out.end(), [](const NativeFile& a, const NativeFile& b) { return a.path == b.path; }), out.end());
    return out;
}

}  // namespace envlock::native
