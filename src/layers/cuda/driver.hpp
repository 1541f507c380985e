#pragma once

#include "layers/cuda/smi.hpp"

#include <envlock/layer/layer.hpp>

namespace envlock::cuda {

// The three driver numbers, each with where it was read. They are kept apart because they may
// differ for good reasons (WSL, cuda-compat) and for bad ones (upgraded, not rebooted).
struct Driver {
    std::optional<Dotted> kmd, umd, cuda_max;
    std::string kmd_source, umd_source, flavour;  // flavour: "open", "closed" or ""
    bool umd_present = false;  // a libcuda was found, with or without a number in its name
    bool wsl = false, compat = false;
    std::vector<SmiGpu> gpus;
    std::string gpus_source;   // "nvidia-smi", "/proc", or ""
    bool mismatch_seen = false;  // nvidia-smi itself says that library and module differ
    std::vector<Note> notes;

    bool present() const { return kmd || umd_present; }
    const std::optional<Dotted>& best() const { return kmd ? kmd : umd; }
};

Driver find_driver(const ProbeContext& context);

}  // namespace envlock::cuda
