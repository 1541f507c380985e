#pragma once

#include "layers/cuda/dotted.hpp"

#include <envlock/base/result.hpp>

#include <map>

namespace envlock::cuda {

// version.json of a toolkit: {"cuda": {"name": …, "version": "13.0.3"}, "cuda_nvcc": …}.
// `cuda` may carry a date as its third part (12.2.20230823). "nvidia_driver" is the bundled
// driver, not the installed one.
struct VersionJson {
    std::optional<Dotted> cuda;
    std::map<std::string, std::string> parts;  // every other entry: "libcublas" → "13.4.1.3"
};
Result<VersionJson> parse_version_json(std::string_view text, std::string_view subject);

// version.txt of CUDA 11.0 and older: "CUDA Version 9.0.176".
std::optional<Dotted> parse_version_txt(std::string_view text);

// The integer of `#define NAME 12040` in a header, or nullopt.
std::optional<std::int64_t> parse_define(std::string_view text, std::string_view name);
// 12040 → 12.4: how cuda.h and the driver interface write a CUDA version.
std::optional<Dotted> from_cuda_integer(std::int64_t value);

// `cuda = '12.8'` of torch/version.py, read as text; nullopt for None or when absent.
std::optional<Dotted> parse_torch_cuda(std::string_view text);

}  // namespace envlock::cuda
