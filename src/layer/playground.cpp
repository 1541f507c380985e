#include <envlock/layer/playground.hpp>

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/dist/pyvenv_cfg.hpp>
#include <envlock/version/pep440.hpp>
#include <envlock/version/store_path.hpp>

#include <algorithm>
#include <set>

namespace envlock {
namespace {

struct LibDir {
    std::string path;     // …/lib/python3.11
    std::string version;  // "3.11"
    std::string flags, implementation;
};

// "python3.11", "python3.13t" or "pypy3.10" → its parts.
std::optional<LibDir> read_lib_name(std::string_view name) {
    LibDir out;
    if (name.starts_with("python")) out.implementation = "cpython";
    else if (name.starts_with("pypy")) out.implementation = "pypy";
    else return std::nullopt;
    auto version = name.substr(out.implementation == "pypy" ? 4 : 6);
    const auto end = version.find_first_not_of("0123456789.");
    if (end != std::string_view::npos) {
        out.flags = std::string(version.substr(end));
        version = version.substr(0, end);
    }
    if (version.find('.') == std::string_view::npos || out.flags.size() > 2 || !parse_pep440(version)) return std::nullopt;
    out.version = std::string(version);
    return out;
}

std::vector<LibDir> find_lib_dirs(const FileTree& files, const std::string& prefix) {
    std::vector<LibDir> found;
    for (const auto* lib : {"lib", "lib64"}) {
        const auto dir = join(prefix, lib);
        const auto entries = files.list(dir);
        if (!entries) continue;
        for (const auto& entry : *entries) {
            auto parsed = read_lib_name(entry.name);
            if (!parsed) continue;
            parsed->path = join(dir, entry.name);
            if (files.is_directory(join(parsed->path, "site-packages"))) found.push_back(*std::move(parsed));
        }
    }
    return found;
}

bool same_minor(std::string_view full, std::string_view minor) {
    return full == minor || (full.starts_with(minor) && full.size() > minor.size() && full[minor.size()] == '.');
}

// Adds site dirs once each, whatever links lead to them.
class SiteList {
public:
    SiteList(const FileTree& files, Playground& playground) : m_files(files), m_playground(playground) {}

    void add(std::string path, std::string_view layer, std::string prefix) {
        const auto real = m_files.real_path(path);
        if (!real || !m_files.is_directory(*real) || !m_seen.insert(*real).second) return;
        // Bind mounts and hard-linked folders have one inode behind two real paths.
        const auto info = m_files.info(*real);
        if (info && info->inode != 0 && !m_inodes.emplace(info->device, info->inode).second) return;
        m_playground.site_dirs.push_back({std::move(path), std::string(layer), std::move(prefix)});
    }

private:
    const FileTree& m_files;
    Playground& m_playground;
    std::set<std::string> m_seen;
    std::set<std::pair<std::uint64_t, std::uint64_t>> m_inodes;
};

void follow_interpreter(const FileTree& files, Playground& out) {
    constexpr std::size_t k_most_links = 40;
    for (const auto* name : {"bin/python", "bin/python3", "Scripts/python.exe"}) {
        auto at = join(out.prefix, name);
        if (!files.info(at)) continue;
        while (true) {
            out.interpreter.push_back(at);
            const auto info = files.info(at);
            out.dangling = !info || out.interpreter.size() > k_most_links;
            if (out.dangling || info->kind != FileKind::symlink) return;
            at = resolve_lexically(parent_path(at), info->target);
        }
    }
    out.dangling = true;
}

void find_base_store(Playground& out) {
    std::vector<std::string> places(out.interpreter.rbegin(), out.interpreter.rend());
    places.push_back(out.home);
    for (const auto& place : places) {
        const auto store = parse_store_path(place);
        if (!store) continue;
        out.base_store = "/nix/store/" + store->hash + "-" + store->name;
        return;
    }
}

void choose_version(const FileTree& files, Playground& out, SiteList& sites) {
    auto libs = find_lib_dirs(files, out.prefix);
    std::ranges::stable_sort(libs, [](const LibDir& a, const LibDir& b) { return compare_versions(a.version, b.version) > 0; });
    auto chosen = std::ranges::find_if(libs, [&](const LibDir& lib) { return same_minor(out.full_version, lib.version); });
    if (chosen == libs.end()) chosen = libs.begin();
    if (chosen == libs.end()) {
        sites.add(join(out.prefix, "Lib/site-packages"), "venv", out.prefix);
        if (out.site_dirs.empty()) out.notes.push_back({"", "python", out.prefix, "no lib/pythonX.Y/site-packages folder"});
        return;
    }
    const auto [path, version, flags, implementation] = *chosen;
    out.python_version = version;
    out.abi_flags = flags;
    out.implementation = implementation;
    if (!out.full_version.empty() && !same_minor(out.full_version, version)) {
        out.notes.push_back({"PY002", "python", "pyvenv.cfg", "says Python " + out.full_version + ", but packages lie in " + std::string(file_name(path))});
    }
    for (const auto& lib : libs) {
        if (lib.version == version && lib.flags == flags) sites.add(join(lib.path, "site-packages"), "venv", out.prefix);
        else out.notes.push_back({"", "python", *below(out.prefix, lib.path), "packages of another Python version, not looked at"});
    }
}

std::string variable(const ProbeContext& context, const std::string& name) {
    const auto found = context.environment.find(name);
    return found == context.environment.end() ? "" : found->second;
}

// site.py opens the user's and the base's site dirs together.
void add_outer_sites(const ProbeContext& context, const PyvenvCfg& cfg, Playground& out, SiteList& sites) {
    const auto python = (out.implementation == "pypy" ? "pypy" : "python") + out.python_version + out.abi_flags;
    const auto user_base = variable(context, "PYTHONUSERBASE");
    const auto home = variable(context, "HOME");
    const auto user = !user_base.empty() ? user_base : home.empty() ? "" : join(home, ".local");
    if (!user.empty() && variable(context, "PYTHONNOUSERSITE").empty()) {
        sites.add(join(user, "lib/" + python + "/site-packages"), "user", user);
    }
    auto base = std::string(cfg.get("base-prefix"));
    if (base.empty()) base = std::string(parent_path(out.home));
    if (base.empty()) return;
    for (const auto* lib : {"lib/", "lib64/"}) sites.add(join(base, lib + python + "/site-packages"), "base", base);
    // Debian's own layout.
    if (base != "/usr") return;
    sites.add("/usr/local/lib/" + python + "/dist-packages", "base", "/usr/local");
    sites.add("/usr/lib/python3/dist-packages", "base", "/usr");
}

// …/lib/python3.11/site-packages → …; any other folder is its own prefix.
std::string prefix_of(const std::string& site) {
    const auto python = parent_path(site);
    const auto lib = parent_path(python);
    const bool usual = file_name(site) == "site-packages" && read_lib_name(file_name(python)) && file_name(lib).starts_with("lib");
    const auto prefix = usual ? parent_path(lib) : std::string_view(site);
    return std::string(prefix.size() > 1 ? prefix : std::string_view(site));
}

void add_pythonpath(const ProbeContext& context, Playground& out, SiteList& sites) {
    const auto text = variable(context, "PYTHONPATH");
    if (text.empty()) return;
    for (const auto entry : split(text, ':')) {
        if (entry.empty()) continue;
        const auto path = resolve_lexically(context.project.root, entry);
        if (!context.files.is_directory(path)) {
            out.notes.push_back({"", "python", std::string(entry), "in PYTHONPATH, but is no folder"});
            continue;
        }
        sites.add(path, "pythonpath", prefix_of(path));
    }
}

// The environment's folder: the path itself, or what a one-line file of that name points to.
Result<std::string> find_prefix(const ProbeContext& context) {
    const auto& venv = context.project.venv;
    if (venv.empty()) return fail(ErrorCode::file_missing, ".venv", "no virtual environment in this project");
    if (context.files.is_directory(venv)) return resolve_lexically("/", venv);
    if (!context.files.is_regular(venv)) return fail(ErrorCode::file_missing, venv, "no virtual environment there");
    const auto text = ENVLOCK_TRY(context.files.read(venv, 4096));
    const auto lines = split_lines(text);
    const auto target = lines.empty() ? "" : resolve_lexically(parent_path(venv), trim(lines.front()));
    if (target.empty() || !context.files.is_directory(target)) return fail(ErrorCode::file_not_regular, venv, "a file that points to no virtual environment");
    return target;
}

}  // namespace

Result<Playground> find_playground(const ProbeContext& context) {
    Playground out;
    out.prefix = ENVLOCK_TRY(find_prefix(context));
    const auto text = context.files.read(join(out.prefix, "pyvenv.cfg"), 1U << 20U);
    PyvenvCfg cfg;
    if (text) {
        cfg = parse_pyvenv_cfg(*text);
        out.creator = cfg.creator();
    } else {
        out.notes.push_back({"", "python", "pyvenv.cfg", to_line(text.error())});
    }
    out.home = std::string(cfg.get("home"));
    out.full_version = cfg.version();
    out.include_system_site = cfg.include_system_site();
    SiteList sites(context.files, out);
    choose_version(context.files, out, sites);
    follow_interpreter(context.files, out);
    find_base_store(out);
    if (out.dangling) {
        const auto last = out.interpreter.empty() ? std::string("bin/python") : out.interpreter.back();
        out.notes.push_back({"PY001", "python", last, "the interpreter of this environment does not exist"});
    }
    if (out.include_system_site) add_outer_sites(context, cfg, out, sites);
    add_pythonpath(context, out, sites);
    return out;
}

std::vector<InstalledDir> list_installed(const ProbeContext& context, const Playground& playground, std::vector<Note>& notes) {
    std::vector<InstalledDir> found;
    const auto& files = context.files;
    for (std::size_t site = 0; site < playground.site_dirs.size(); ++site) {
        const auto& dir = playground.site_dirs[site].path;
        const auto entries = files.list(dir);
        if (!entries) {
            notes.push_back({"", "python", dir, to_line(entries.error())});
            continue;
        }
        for (const auto& entry : *entries) {
            const std::string_view name = entry.name;
            const bool dist = name.ends_with(".dist-info"), egg = name.ends_with(".egg-info");
            auto path = join(dir, name);
            const auto is_dir = [&] { return entry.kind == FileKind::directory || (entry.kind == FileKind::symlink && files.is_directory(path)); };
            if (name.starts_with('~')) found.push_back({std::move(path), InstalledKind::leftover, site});
            else if (dist && is_dir()) found.push_back({std::move(path), InstalledKind::dist_info, site});
            else if (egg && is_dir()) found.push_back({std::move(path), InstalledKind::egg_info_dir, site});
            else if (egg) found.push_back({std::move(path), InstalledKind::egg_info_file, site});
            else if (name.ends_with(".egg-link")) found.push_back({std::move(path), InstalledKind::egg_link, site});
            else if (name.ends_with(".egg") && files.is_directory(join(path, "EGG-INFO"))) found.push_back({join(path, "EGG-INFO"), InstalledKind::egg_info_dir, site});
        }
    }
    return found;
}

}  // namespace envlock
