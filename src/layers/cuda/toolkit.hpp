#pragma once

#include "layers/cuda/dotted.hpp"

#include <envlock/layer/layer.hpp>

namespace envlock::cuda {

struct Toolkit {
    std::string root;    // real path
    std::string source;  // "CUDA_HOME", "PATH", "/usr/local/cuda", …: the first way it was found
    std::optional<Dotted> version;
    std::string version_source;  // "version.json", "version.txt", "cuda.h"
    std::map<std::string, std::string> parts;
};

// Every toolkit root on the machine, the one that wins first: the environment's, then that of
// PATH's nvcc, then /usr/local. nvcc is not started.
std::vector<Toolkit> find_toolkits(const ProbeContext& context);

// A root fit for a manifest: system folders as they are, a store path by its name, anything
// else by its last part only.
std::string shown_root(std::string_view root);

// A library that comes with headers of its own: cuDNN or NCCL outside the playground.
struct HeaderVersion {
    std::optional<Dotted> version;
    std::string source;  // shown path of the header
};
HeaderVersion find_cudnn(const ProbeContext& context, const std::vector<Toolkit>& toolkits);
HeaderVersion find_nccl(const ProbeContext& context, const std::vector<Toolkit>& toolkits);

}  // namespace envlock::cuda
