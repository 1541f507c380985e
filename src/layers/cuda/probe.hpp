#pragma once

#include <envlock/layer/layer.hpp>

namespace envlock {

// The NVIDIA driver, GPUs by class, CUDA toolkits, cuDNN, NCCL, and what frameworks were built
// against. Files and the given environment only; nvidia-smi is started only where the driver is
// loaded, with a limit of seconds. A machine with none of it: absent, without a word.
Result<LayerSnapshot> probe_cuda(const ProbeContext& context);

}  // namespace envlock
