#include <envlock/index/record_match.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <unordered_map>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_named = 50;

bool is_bytecode(std::string_view path) { return path.ends_with(".pyc"); }

// "name-1.0.data/scripts/tool" → {"scripts", "tool"}.
struct DataPath {
    std::string_view scheme, rest;
};
std::optional<DataPath> split_data_path(std::string_view path) {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos || !path.substr(0, slash).ends_with(".data")) return std::nullopt;
    const auto scheme_end = path.find('/', slash + 1);
    if (scheme_end == std::string_view::npos) return std::nullopt;
    return DataPath{path.substr(slash + 1, scheme_end - slash - 1), path.substr(scheme_end + 1)};
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// pip and old setuptools add versioned names of their own scripts.
bool is_versioned_alias(std::string_view key, std::string_view name) {
    const auto stem = name.substr(0, name.find_last_not_of("0123456789.") + 1);
    return (key == "pip" && stem == "pip") || (key == "setuptools" && (stem == "easy_install" || stem == "easy_install-"));
}

// True for "../../bin/x", "../../../bin/x" and a "bin/x" that lies beside the packages (--target).
bool in_bin(std::string_view path) {
    while (path.starts_with("../")) path.remove_prefix(3);
    return path.starts_with("bin/") && path.find('/', 4) == std::string_view::npos;
}

class Matcher {
public:
    Matcher(std::string_view wheel_dist_info, const InstalledRecord& installed) : m_wheel_dist_info(wheel_dist_info), m_installed(installed), m_claimed(installed.rows.size()) {
        m_by_path.reserve(installed.rows.size());
        for (std::size_t i = 0; i < installed.rows.size(); ++i) {
            const auto& row = installed.rows[i];
            m_by_path.emplace(row.path, i);
            if (row.path.starts_with("../") || row.path.starts_with("bin/")) m_outside.emplace(name_of(row.path), i);
        }
    }

    RecordMatch run(const std::vector<RecordRow>& wheel) {
        for (const auto& row : wheel) meet(row);
        for (std::size_t i = 0; i < m_installed.rows.size(); ++i) {
            const auto& row = m_installed.rows[i];
            if (m_claimed[i] || row.state == RecordState::unhashed || is_bytecode(row.path) || is_installers_row(m_installed, row.path)) continue;
            if (!m_touched.contains(i)) add(m_out.extra, row.path);
        }
        m_out.verdict = judge();
        for (auto* list : {&m_out.missing, &m_out.changed, &m_out.extra}) std::ranges::sort(*list);
        return std::move(m_out);
    }

private:
    // The wheel's path where an installer that renames the .dist-info folder would have put it.
    std::string direct_path(const RecordRow& row) const {
        const auto data = split_data_path(row.path);
        if (data && (data->scheme == "purelib" || data->scheme == "platlib")) return std::string(data->rest);
        if (m_wheel_dist_info != m_installed.dist_info && row.path.starts_with(m_wheel_dist_info) && row.path.size() > m_wheel_dist_info.size() &&
            row.path[m_wheel_dist_info.size()] == '/') {
            return m_installed.dist_info + row.path.substr(m_wheel_dist_info.size());
        }
        return row.path;
    }

    static bool same(const RecordRow& wheel, const RecordRow& installed) {
        // A row that was published unusable and is unusable here the same way is the publisher's row.
        if (wheel.state != RecordState::hashed) return installed.state == wheel.state && installed.algorithm == wheel.algorithm;
        return installed.state == RecordState::hashed && installed.algorithm == wheel.algorithm && installed.digest == wheel.digest &&
               (!wheel.size || !installed.size || *wheel.size == *installed.size);
    }

    // Looks at the rows of that path: claims an equal one; a repeated row may be met by a claimed one.
    bool claim_path(const RecordRow& row, const std::string& path, bool& seen, bool& only_unhashed) {
        const auto [begin, end] = m_by_path.equal_range(path);
        bool again = false;
        for (auto at = begin; at != end; ++at) {
            const auto& candidate = m_installed.rows[at->second];
            seen = true;
            only_unhashed = only_unhashed && candidate.state == RecordState::unhashed;
            if (!same(row, candidate)) continue;
            again = true;
            if (m_claimed[at->second]) continue;
            m_claimed[at->second] = true;
            return true;
        }
        return again;
    }

    bool claim_outside(const RecordRow& row, const DataPath& data, bool& seen) {
        const bool script = data.scheme == "scripts";
        const auto suffix = std::string(script ? "/bin/" : "/") + std::string(data.rest);
        const auto [begin, end] = m_outside.equal_range(name_of(data.rest));
        for (auto at = begin; at != end; ++at) {
            const auto& candidate = m_installed.rows[at->second];
            if (m_claimed[at->second] || !("/" + candidate.path).ends_with(suffix)) continue;
            seen = true;
            m_touched.insert(at->second);
            const bool met = same(row, candidate) || (script && row.state == RecordState::hashed && m_installed.is_script_of && m_installed.is_script_of(candidate, row));
            if (!met) continue;
            m_claimed[at->second] = true;
            return true;
        }
        return false;
    }

    void meet(const RecordRow& row) {
        if (row.state == RecordState::unhashed) return;
        const auto path = direct_path(row);
        bool seen = false, only_unhashed = true;
        if (claim_path(row, path, seen, only_unhashed)) return;
        if (path != row.path && claim_path(row, row.path, seen, only_unhashed)) return;  // pip 19.0 wrote the wheel's own paths
        const auto data = split_data_path(row.path);
        if (data && data->scheme != "purelib" && data->scheme != "platlib" && claim_outside(row, *data, seen)) return;
        if (is_bytecode(path) && (!seen || only_unhashed)) return;  // whoever compiles may write over it or leave it out
        // Some installers drop RECORD's own hash, or the signatures beside it.
        const auto name = name_of(path);
        if (path == m_installed.dist_info + "/" + std::string(name) && (name == "RECORD" || name == "RECORD.jws" || name == "RECORD.p7s")) return;
        add(seen ? m_out.changed : m_out.missing, row.path);
        if (!seen) return;
        const auto [begin, end] = m_by_path.equal_range(path);
        for (auto at = begin; at != end; ++at) m_touched.insert(at->second);
    }

    // Named up to a limit; the count stays exact through `m_code` and `m_meta`.
    void add(std::vector<std::string>& list, const std::string& path) {
        ++(is_build_metadata(path) ? m_meta : m_code);
        if (const auto name = name_of(path); in_dist_info(path) && (name == "METADATA" || name == "WHEEL")) m_identity = true;
        if (list.size() < k_most_named) list.push_back(path);
    }

    bool in_dist_info(std::string_view path) const {
        const auto folder = path.substr(0, path.find('/'));
        return folder == m_installed.dist_info || folder == m_wheel_dist_info;
    }

    // What two builds of one source may differ in; entry_points.txt is not among it, since it makes programs.
    bool is_build_metadata(std::string_view path) const {
        if (!in_dist_info(path)) return false;
        const auto rest = path.substr(std::min(path.find('/') + 1, path.size()));
        constexpr std::array<std::string_view, 6> k_names{"METADATA", "WHEEL", "top_level.txt", "zip-safe", "pbr.json", "metadata.json"};
        return std::ranges::find(k_names, rest) != k_names.end() || rest.starts_with("licenses/") || rest.starts_with("license_files/") || rest.starts_with("sboms/") ||
               rest.starts_with("LICEN") || rest.starts_with("COPYING") || rest.starts_with("NOTICE") || rest.starts_with("AUTHORS");
    }

    RecordVerdict judge() const {
        if (m_code + m_meta == 0) return RecordVerdict::equal;
        if (m_code == 0 && m_identity) return RecordVerdict::rebuilt;
        return m_identity ? RecordVerdict::different : RecordVerdict::altered;
    }

    std::string_view m_wheel_dist_info;
    const InstalledRecord& m_installed;
    std::vector<bool> m_claimed;
    std::set<std::size_t> m_touched;  // installed rows that are named as changed already
    std::unordered_multimap<std::string_view, std::size_t> m_by_path;
    std::unordered_multimap<std::string_view, std::size_t> m_outside;  // by file name
    std::size_t m_code = 0, m_meta = 0;
    bool m_identity = false;  // METADATA or WHEEL differ
    RecordMatch m_out;
};

}  // namespace

bool is_installers_row(const InstalledRecord& installed, std::string_view path) {
    const auto slash = path.find('/');
    if (slash != std::string_view::npos && path.substr(0, slash) == installed.dist_info) {
        constexpr std::array<std::string_view, 8> k_names{"INSTALLER",  "REQUESTED",       "RECORD",        "RECORD.jws",
                                                          "RECORD.p7s", "direct_url.json", "uv_cache.json", "uv_build.json"};
        return std::ranges::find(k_names, path.substr(slash + 1)) != k_names.end();
    }
    if (!in_bin(path)) return false;
    const auto name = name_of(path);
    return std::ranges::binary_search(installed.scripts, name) || is_versioned_alias(installed.name, name);
}

RecordMatch match_record(const std::vector<RecordRow>& wheel, std::string_view wheel_dist_info, const InstalledRecord& installed) {
    return Matcher(wheel_dist_info, installed).run(wheel);
}

std::uint64_t guess_tail(const InstalledRecord& installed) {
    constexpr std::uint64_t k_entry = 46, k_margin = 256, k_most_behind = 16'384;
    std::uint64_t total = 22 + 30 + installed.dist_info.size() + 7 + k_margin, rows = 0;
    std::uint64_t behind = 0;
    std::set<std::string_view> folders;
    for (const auto& row : installed.rows) {
        const bool own = row.path.size() == installed.dist_info.size() + 7 && row.path.ends_with("/RECORD");
        if (!own && (row.state == RecordState::unhashed || is_installers_row(installed, row.path))) continue;
        std::string_view path = row.path;
        std::size_t length = path.size();
        if (path.starts_with("../")) {
            while (path.starts_with("../")) path.remove_prefix(3);
            length = path.size() + installed.dist_info.size() + 10;
        }
        ++rows;
        total += k_entry + length;
        if (const auto slash = path.rfind('/'); slash != std::string_view::npos) folders.insert(path.substr(0, slash));
        if (path.starts_with(installed.dist_info + "/licenses/") || path.starts_with(installed.dist_info + "/sboms/")) {
            const auto size = static_cast<std::uint64_t>(std::clamp<std::int64_t>(row.size.value_or(0), 0, 1 << 20));
            behind += size * 42 / 100 + 176 + length;
        }
    }
    total += rows * 97 / 2;
    if (installed.pure) return total;
    for (const auto folder : folders) total += k_entry + folder.size() + 1;
    return total + std::min(behind, k_most_behind);
}

}  // namespace envlock::index
