#pragma once

#include <envlock/layer/layer.hpp>

namespace envlock::app {

// How the index is to be reached, as pip and uv are set up: read before the network is loaded.
struct NetworkSettings {
    std::string ca_file, client_cert, proxy, no_proxy;
    std::vector<std::string> trusted_hosts;
    std::vector<std::string> warnings;
};
NetworkSettings network_settings(const FileTree& files, const std::map<std::string, std::string>& environment, const Project& project,
                                 const std::vector<std::string>& index_arguments, const std::string& default_index);

}  // namespace envlock::app
