#pragma once

#include "cli/terminal.hpp"

#include <envlock/app/manifest_source.hpp>
#include <envlock/app/network.hpp>
#include <envlock/host/boost_process_runner.hpp>
#include <envlock/host/folder_cache.hpp>
#include <envlock/host/network.hpp>
#include <envlock/host/parallel_hasher.hpp>
#include <envlock/host/posix_file_tree.hpp>
#include <envlock/host/system_clock.hpp>
#include <envlock/layer/layer.hpp>
#include <envlock/model/policy.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace envlock::cli {

// What every command shares: the global flags, before anything was looked at.
struct Globals {
    std::string directory;  // -C
    std::string profile = "default";
    std::string color = "auto";
    std::string config;
    std::string venv;
    std::string sysroot;
    bool quiet = false;
    bool verbose = false;
};

// The one place where the real world is put behind the ports. Everything is made when it is
// first needed, so that `verify` and the hooks load neither a hash cache nor the network.
class World {
public:
    World(Globals globals, Terminal& terminal, std::map<std::string, std::string> environment, std::string working_directory);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    const FileTree& files() const { return m_files; }
    const ProcessRunner& processes() const { return m_processes; }
    const Clock& clock() const { return m_clock; }
    const Globals& globals() const { return m_globals; }
    const std::map<std::string, std::string>& environment() const { return m_environment; }
    const std::string& directory() const { return m_directory; }  // absolute; -C applied
    LineProgress& progress() { return m_progress; }

    Result<Project> project() const;
    Result<Policy> policy(const Project& project) const;
    app::ManifestPlace place(const Project& project) const;
    std::string config_folder() const;  // $XDG_CONFIG_HOME/envlock, or "" without a home

    struct Looking {
        Level level = Level::cached;
        bool ask_index = false;
        bool prove = true;
        std::uint64_t download_limit = 8U << 20U;
        bool vulnerabilities = false;
        bool offline = false;
        std::vector<std::string> index_arguments;
    };
    ProbeContext context(const Project& project, const Looking& looking);

    // Relative paths start from -C. Folders are made when missing.
    Result<void> write(const std::string& path, std::string_view bytes, unsigned mode = 0644) const;
    std::string absolute(std::string_view path) const;

private:
    std::string cache_folder() const;
    std::optional<std::string> variable(const std::string& name) const;

    Globals m_globals;
    Terminal& m_terminal;
    std::map<std::string, std::string> m_environment;
    std::string m_directory;
    host::PosixFileTree m_files;
    host::BoostProcessRunner m_processes;
    host::SystemClock m_clock;
    LineProgress m_progress;
    std::unique_ptr<TreeHasher> m_hasher;
    std::unique_ptr<CacheStore> m_cache;
    std::unique_ptr<HttpTransport> m_http;
    std::unique_ptr<HtmlReader> m_html;
    std::unique_ptr<Inflater> m_inflater;
};

}  // namespace envlock::cli
