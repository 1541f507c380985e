#include <envlock/app/network.hpp>

#include <envlock/index/config.hpp>

namespace envlock::app {

NetworkSettings network_settings(const FileTree& files, const std::map<std::string, std::string>& environment, const Project& project,
                                 const std::vector<std::string>& index_arguments, const std::string& default_index) {
    auto config = index::resolve_config(files, environment, project.root, project.venv, index_arguments, default_index);
    return {.ca_file = std::move(config.ca_file),
            .client_cert = std::move(config.client_cert),
            .proxy = std::move(config.proxy),
            .no_proxy = std::move(config.no_proxy),
            .trusted_hosts = std::move(config.trusted_hosts),
            .warnings = std::move(config.warnings)};
}

}  // namespace envlock::app
