#include "cli/world.hpp"

#include "cli/lazy_network.hpp"

#include <envlock/app/project.hpp>
#include <envlock/app/setup.hpp>
#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/host/atomic_file.hpp>

#include <filesystem>
#include <iterator>

namespace envlock::cli {
namespace {

constexpr std::size_t k_most_input = 64U << 20U;

Result<std::string> read_stream(std::istream& in) {
    std::string out;
    std::string piece(64U << 10U, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
        out.append(piece, 0, static_cast<std::size_t>(in.gcount()));
        if (out.size() > k_most_input) return fail(ErrorCode::file_too_large, "standard input");
    }
    return out;
}

}  // namespace

World::World(Globals globals, Terminal& terminal, std::map<std::string, std::string> environment, std::string working_directory)
    : m_globals(std::move(globals)),
      m_terminal(terminal),
      m_environment(std::move(environment)),
      m_directory(resolve_lexically(working_directory, m_globals.directory)),
      m_files(m_globals.sysroot.empty() ? "/" : m_globals.sysroot),
      m_processes(m_environment),
      m_progress(terminal.err, terminal.err_is_tty && !terminal.quiet) {}

World::~World() = default;

std::optional<std::string> World::variable(const std::string& name) const {
    const auto found = m_environment.find(name);
    if (found == m_environment.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

Result<Project> World::project() const {
    if (!m_files.is_directory(m_directory)) return fail(ErrorCode::file_missing, m_directory, "not a folder");
    return app::find_project(m_files, {.start = m_directory, .venv = m_globals.venv, .environment = m_environment});
}

Result<Policy> World::policy(const Project& project) const {
    return app::load_policy(m_files, project, m_globals.config.empty() ? "" : absolute(m_globals.config));
}

app::ManifestPlace World::place(const Project& project) const {
    return {.files = m_files,
            .processes = m_processes,
            .root = project.root,
            .directory = m_directory,
            .profile = m_globals.profile,
            .standard_input = [this] { return read_stream(m_terminal.in); }};
}

std::string World::config_folder() const {
    if (const auto xdg = variable("XDG_CONFIG_HOME"); xdg && xdg->starts_with('/')) return join(*xdg, "envlock");
    const auto home = variable("HOME");
    return home ? join(*home, ".config/envlock") : "";
}

std::string World::cache_folder() const {
    if (const auto xdg = variable("XDG_CACHE_HOME"); xdg && xdg->starts_with('/')) return join(*xdg, "envlock");
    const auto home = variable("HOME");
    return home ? join(*home, ".cache/envlock") : "";
}

ProbeContext World::context(const Project& project, const Looking& looking) {
    const auto cache = cache_folder();
    if (!m_hasher) {
        // One cache file per playground, so that each stays small and a removed one takes its own along.
        const auto name = sha256_hex(m_globals.sysroot + project.venv).substr(0, 16);
        m_hasher = host::make_tree_hasher(m_globals.sysroot.empty() ? "/" : m_globals.sysroot, cache.empty() ? "" : join(cache, "files/" + name));
    }
    if (!m_cache) {
        if (cache.empty()) m_cache = std::make_unique<NoCache>();
        else m_cache = std::make_unique<host::FolderCache>(cache);
    }
    const auto network = std::make_shared<LazyNetwork>([this, project, looking] {
        const auto settings = app::network_settings(m_files, m_environment, project, looking.index_arguments, ENVLOCK_DEFAULT_INDEX);
        for (const auto& warning : settings.warnings) show_warning(m_terminal, warning);
        host::NetworkOptions options;
        options.user_agent = "envlock/" ENVLOCK_VERSION;
        options.ca_file = settings.ca_file;
        options.client_cert = settings.client_cert;
        options.proxy = settings.proxy;
        options.no_proxy = settings.no_proxy;
        options.trusted_hosts = settings.trusted_hosts;
        options.netrc_file = variable("NETRC").value_or(variable("HOME") ? join(*variable("HOME"), ".netrc") : "");
        return options;
    });
    if (!m_http && looking.offline) m_http = std::make_unique<OfflineTransport>();
    if (!m_http) m_http = std::make_unique<LazyTransport>(network);
    if (!m_html) m_html = std::make_unique<LazyHtml>(network);
    if (!m_inflater) m_inflater = std::make_unique<LazyInflater>(network);
    return ProbeContext{.files = m_files,
                        .hasher = *m_hasher,
                        .processes = m_processes,
                        .http = *m_http,
                        .html = *m_html,
                        .inflater = *m_inflater,
                        .cache = *m_cache,
                        .clock = m_clock,
                        .progress = m_progress,
                        .project = project,
                        .environment = m_environment,
                        .level = looking.level,
                        .ask_index = looking.ask_index,
                        .prove = looking.prove,
                        .download_limit = looking.download_limit,
                        .ask_vulnerabilities = looking.vulnerabilities,
                        .offline = looking.offline,
                        .index_arguments = looking.index_arguments,
                        .default_index = ENVLOCK_DEFAULT_INDEX};
}

std::string World::absolute(std::string_view path) const { return resolve_lexically(m_directory, path); }

Result<void> World::write(const std::string& path, std::string_view bytes, unsigned mode) const {
    const auto target = absolute(path);
    std::error_code problem;
    std::filesystem::create_directories(std::string(parent_path(target)), problem);  // a failure shows in the write
    return host::write_atomically(target, bytes, mode);
}

}  // namespace envlock::cli
