#include <envlock/host/network.hpp>

#include "host/net/module.hpp"

#include <envlock/base/path.hpp>

#include <dlfcn.h>

#include <array>
#include <filesystem>

namespace envlock::host {
namespace {

// Beside the program (build tree, relocated installs), then where it was installed.
std::vector<std::string> places() {
    std::error_code problem;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", problem).string();
    std::vector<std::string> out;
    if (!problem) {
        const auto folder = parent_path(self);
        out.push_back(resolve_lexically(folder, std::string("../") + ENVLOCK_LIBDIR + "/envlock/" + ENVLOCK_NET_FILE));
        out.push_back(resolve_lexically(folder, std::string("../lib/envlock/") + ENVLOCK_NET_FILE));
    }
    out.push_back(std::string(ENVLOCK_NET_INSTALLED));
    return out;
}

}  // namespace

Result<Network> load_network(const NetworkOptions& options) {
    std::string why = "not found beside the program";
    for (const auto& place : places()) {
        std::error_code problem;
        if (!std::filesystem::exists(place, problem)) continue;
        void* const module = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (module == nullptr) {
            why = ::dlerror();
            continue;
        }
        const auto make = reinterpret_cast<MakeNetwork>(::dlsym(module, k_make_network_name));
        Network out;
        if (make != nullptr && make(k_network_version, &options, &out)) return out;
        why = "it is of another envlock version";
    }
    return fail(ErrorCode::internal, ENVLOCK_NET_FILE, why);
}

}  // namespace envlock::host
