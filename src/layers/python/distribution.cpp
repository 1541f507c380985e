#include "layers/python/distribution.hpp"

#include "layers/python/installed_record.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/dist/direct_url.hpp>
#include <envlock/dist/entry_points.hpp>
#include <envlock/dist/metadata.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/pep440.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace envlock::python {
namespace {

constexpr std::size_t k_longest_fact = 300;

std::string clean(std::string_view text) { return escape_controls(trim(text).substr(0, k_longest_fact)); }

// "numpy-1.26.4.dist-info" → "numpy", "1.26.4".
std::pair<std::string, std::string> split_folder_name(std::string_view name) {
    if (const auto dot = name.rfind('.'); dot != std::string_view::npos) name = name.substr(0, dot);
    // Egg folders go on with "-py3.11".
    if (const auto py = name.rfind("-py"); py != std::string_view::npos) name = name.substr(0, py);
    const auto dash = name.find('-');
    if (dash == std::string_view::npos) return {std::string(name), ""};
    return {std::string(name.substr(0, dash)), std::string(name.substr(dash + 1))};
}

class Reader {
public:
    Reader(const ProbeContext& context, const PathNames& names, std::vector<Note>& notes, Distribution& out)
        : m_files(context.files), m_ask_index(context.ask_index), m_names(names), m_notes(notes), m_out(out) {}

    void read_metadata(const std::string& path, std::string_view folder) {
        auto [name, version] = split_folder_name(folder);
        const auto text = m_files.read(path, 32U << 20U);
        if (text) {
            m_out.metadata_sha256 = sha256_hex(*text);
            read_fields(*text, name, version);
        }
        set_key(name, version);
        if (text) {
            m_out.component.facts["metadataSha256"] = m_out.metadata_sha256;
        } else {
            broken(file_name(path), to_line(text.error()));
            m_out.component.unknown = text.error().code != ErrorCode::file_missing;
        }
        for (auto& note : m_late) broken(note.first, note.second);
    }

    void read_wheel_files() {
        auto& facts = m_out.component.facts;
        if (const auto text = m_files.read(join(m_out.dir, "WHEEL"), 1U << 20U)) {
            auto wheel = parse_wheel_file(*text, "WHEEL");
            if (wheel) m_out.wheel = *std::move(wheel);
            else broken("WHEEL", to_line(wheel.error()));
        }
        if (!m_out.wheel.tags.empty()) facts["tags"] = m_out.wheel.tags;
        if (!m_out.wheel.generator.empty()) facts["generator"] = clean(m_out.wheel.generator);
        if (!m_out.wheel.build.empty()) facts["buildTag"] = clean(m_out.wheel.build);
        if (const auto text = m_files.read(join(m_out.dir, "INSTALLER"), 64U << 10U)) {
            const auto lines = split_lines(*text);
            if (!lines.empty()) facts["installer"] = clean(lines.front());
        }
        facts["requested"] = m_files.info(join(m_out.dir, "REQUESTED")).has_value();
        if (const auto text = m_files.read(join(m_out.dir, "entry_points.txt"), 4U << 20U)) m_out.scripts = parse_script_names(*text);
    }

    void read_record() {
        const auto text = m_files.read(join(m_out.dir, "RECORD"), 64U << 20U);
        if (!text) {
            // Removing RECORD is a sanctioned way to protect a distribution's packages.
            const bool ours = m_out.site.layer == "venv" || text.error().code != ErrorCode::file_missing;
            if (ours) note("", "RECORD", "its files cannot be checked: " + to_line(text.error()));
            return;
        }
        auto rows = parse_record(*text, "RECORD");
        if (!rows) return broken("RECORD", to_line(rows.error()));
        m_out.rows = *std::move(rows);
        m_out.has_record = true;
        if (!m_ask_index) return;
        m_out.record_sha256 = sha256_hex(*text);
        m_out.tail_guess = guess_tail_of(m_out);
    }

    // Where it came from: direct_url.json, or the index when there is none.
    void read_source() {
        m_out.source = "index";
        std::string value = "index";
        const auto text = m_files.read(join(m_out.dir, "direct_url.json"), 1U << 20U);
        const auto installer = m_out.component.facts.find("installer");
        // Conda leaves its build farm's URL there, which says nothing about this machine.
        const bool conda = installer != m_out.component.facts.end() && installer->second == Fact(std::string("conda"));
        if (conda) {
            m_out.source = value = "conda";
            m_out.component.evidence = Evidence::unverified;
        } else if (text) {
            const auto direct = parse_direct_url(*text, "direct_url.json");
            if (direct) {
                value = describe_source(*direct);
            } else {
                broken("direct_url.json", to_line(direct.error()));
                m_out.source = value = "unknown";
                m_out.component.evidence = Evidence::unverified;
            }
        } else if (text.error().code != ErrorCode::file_missing) {
            broken("direct_url.json", to_line(text.error()));
            m_out.source = value = "unknown";
            m_out.component.evidence = Evidence::unverified;
        }
        set_source(value);
    }

    void set_source(const std::string& value) {
        m_out.component.path.push_back({"source", value});
        m_out.component.facts["source"] = value;
    }

    void broken(std::string_view file, std::string detail) { note("PY021", file, std::move(detail)); }

    void note(std::string rule, std::string_view file, std::string detail) {
        m_notes.push_back({std::move(rule), m_out.component.key, join(file_name(m_out.dir), file), std::move(detail)});
    }

private:
    void read_fields(const std::string& text, std::string& name, std::string& version) {
        const auto metadata = parse_metadata(text, "METADATA");
        if (!metadata) {
            m_late.emplace_back("METADATA", to_line(metadata.error()));
            return;
        }
        if (!name.empty() && normalize_name(name) != normalize_name(metadata->name)) {
            m_late.emplace_back("METADATA", "names " + clean(metadata->name) + ", unlike its folder");
        }
        if (metadata->duplicate) m_late.emplace_back("METADATA", "Name or Version more than once, the first counts");
        if (metadata->version.empty()) m_late.emplace_back("METADATA", "no Version");
        name = metadata->name;
        if (!metadata->version.empty()) version = metadata->version;
        std::set<std::string> needed;
        for (const auto& requirement : metadata->requires_dist) {
            auto required = is_extra_requirement(requirement) ? "" : required_name(requirement);
            if (!required.empty()) needed.insert(std::move(required));
        }
        if (!needed.empty()) m_out.component.facts["requires"] = std::vector<std::string>(needed.begin(), needed.end());
    }

    void set_key(const std::string& name, const std::string& version) {
        auto& component = m_out.component;
        component.key = escape_controls(normalize_name(std::string_view(name).substr(0, k_longest_fact)));
        component.version = clean(version);
        for (auto& [level, value] : version_levels(component.version)) component.path.push_back({level, value});
    }

    std::string local_names(const std::string& url) const { return url.starts_with("file://") ? m_names.shorten(url) : url; }

    std::string describe_source(const DirectUrl& direct) {
        auto& component = m_out.component;
        const auto url = local_names(direct.url);
        component.facts["sourceUrl"] = clean(url);
        if (direct.kind == DirectKind::vcs) {
            m_out.source = "vcs";
            component.evidence = Evidence::source_tree;
            if (!direct.requested_revision.empty()) component.facts["requestedRevision"] = clean(direct.requested_revision);
            return "vcs:" + clean(url) + "@" + clean(direct.commit_id);
        }
        if (direct.kind == DirectKind::directory) {
            m_out.source = direct.editable ? "editable" : "directory";
            component.evidence = Evidence::source_tree;
            return m_out.source;
        }
        m_out.source = "archive";
        const auto sha256 = direct.hashes.find("sha256");
        if (direct.conflicting_hash) broken("direct_url.json", "`hash` and `hashes` disagree");
        if (sha256 == direct.hashes.end() || direct.conflicting_hash) {
            component.evidence = Evidence::unverified;
            return "archive:" + clean(url);
        }
        component.evidence = Evidence::recorded;
        const auto path = std::string_view(direct.url).substr(0, direct.url.find_first_of("?#"));
        component.artifact = Artifact{.filename = clean(file_name(path)), .sha256 = sha256->second, .url = clean(url)};
        return "archive:" + sha256->second;
    }

    const FileTree& m_files;
    bool m_ask_index;
    const PathNames& m_names;
    std::vector<Note>& m_notes;
    Distribution& m_out;
    std::vector<std::pair<std::string, std::string>> m_late;  // said once the key is known
};

// setuptools' old develop mode: the first line is the folder of the source tree.
void read_egg_link(const ProbeContext& context, Reader& reader, Distribution& out, const InstalledDir& installed) {
    const auto text = context.files.read(installed.path, 64U << 10U);
    const auto stem = file_name(installed.path).substr(0, file_name(installed.path).rfind('.'));
    std::string metadata;
    if (text) {
        const auto lines = split_lines(*text);
        const auto target = lines.empty() ? "" : resolve_lexically(out.site.path, trim(lines.front()));
        const auto entries = context.files.list(target);
        for (const auto& entry : entries ? *entries : std::vector<DirEntry>{}) {
            if (!entry.name.ends_with(".egg-info")) continue;
            if (normalize_name(split_folder_name(entry.name).first) == normalize_name(stem)) metadata = join(join(target, entry.name), "PKG-INFO");
        }
    }
    reader.read_metadata(metadata.empty() ? join(installed.path, "PKG-INFO") : metadata, std::string(stem) + ".egg-link");
    out.source = "editable";
    out.component.evidence = Evidence::source_tree;
    reader.set_source("editable");
}

}  // namespace

Distribution read_distribution(const ProbeContext& context, const Playground& playground, const InstalledDir& installed,
                               const PathNames& names, std::vector<Note>& notes) {
    Distribution out;
    out.dir = installed.path;
    out.site = playground.site_dirs[installed.site];
    out.component.kind = "distribution";
    out.component.facts["site"] = out.site.layer;
    Reader reader(context, names, notes, out);
    const auto folder = file_name(installed.path) == "EGG-INFO" ? file_name(parent_path(installed.path)) : file_name(installed.path);
    switch (installed.kind) {
        case InstalledKind::dist_info:
            reader.read_metadata(join(installed.path, "METADATA"), folder);
            reader.read_wheel_files();
            reader.read_record();
            reader.read_source();
            break;
        case InstalledKind::egg_link: read_egg_link(context, reader, out, installed); break;
        default:
            reader.read_metadata(installed.kind == InstalledKind::egg_info_dir ? join(installed.path, "PKG-INFO") : installed.path, folder);
            out.source = "egg";
            reader.set_source("egg");
            break;
    }
    return out;
}

void note_duplicates(const std::vector<Distribution>& distributions, std::vector<Note>& notes) {
    std::map<std::pair<std::string_view, std::string_view>, std::string> seen;  // site and name → folders
    std::set<std::pair<std::string_view, std::string_view>> twice;
    for (const auto& each : distributions) {
        const std::pair<std::string_view, std::string_view> key{each.site.path, each.component.key};
        auto& folders = seen[key];
        if (!folders.empty()) {
            twice.insert(key);
            folders += ", ";
        }
        folders += file_name(each.dir);
    }
    for (const auto& key : twice) notes.push_back({"PY020", std::string(key.second), std::string(key.second), "installed more than once: " + escape_controls(seen[key])});
}

}  // namespace envlock::python
