#pragma once

#include "layers/cuda/dotted.hpp"

#include <envlock/layer/layer.hpp>

namespace envlock::cuda {

struct Wheel {
    std::string name;  // normalized
    Dotted version;
};

// What the playground holds of CUDA, by names and texts only.
struct Wheels {
    std::vector<Wheel> nvidia;           // distributions named nvidia-…
    std::optional<Dotted> torch_cuda;    // "built against"
    std::string torch_version;
};
Wheels find_wheels(const ProbeContext& context);

// CUDA majors among them → the distributions that say so: "-cu12" in the name, or the version of
// nvidia-cuda-runtime itself. Empty placeholder releases (0.0.1) say nothing.
std::map<std::int64_t, std::vector<std::string>> cuda_majors(const std::vector<Wheel>& wheels);

}  // namespace envlock::cuda
