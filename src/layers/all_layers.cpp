#include <envlock/layer/layer.hpp>

#include "layers/cuda/probe.hpp"
#include "layers/native/probe.hpp"
#include "layers/nix/probe.hpp"
#include "layers/platform/probe.hpp"
#include "layers/python/probe.hpp"

namespace envlock {

const std::vector<Layer>& all_layers() {
    static const std::vector<Layer> layers{
        {"nix", "Nix base", nix::probe_nix},
        {"python", "Python playground", probe_python},
        {"native", "native libraries", probe_native},
        {"cuda", "CUDA stack", probe_cuda},
        {"platform", "platform", platform::probe_platform},
    };
    return layers;
}

}  // namespace envlock
