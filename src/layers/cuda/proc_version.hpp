#pragma once

#include "layers/cuda/dotted.hpp"

namespace envlock::cuda {

// /proc/driver/nvidia/version: the kernel module's number and flavour. The line also names the
// builder's host and the compiler; neither is kept.
struct ProcVersion {
    Dotted version;
    bool open_module = false;
};
std::optional<ProcVersion> parse_proc_version(std::string_view text);

}  // namespace envlock::cuda
