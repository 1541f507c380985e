#include "layers/cuda/proc_version.hpp"

#include <envlock/base/text.hpp>

namespace envlock::cuda {

std::optional<ProcVersion> parse_proc_version(std::string_view text) {
    for (const auto line : split_lines(text)) {
        constexpr std::string_view k_module = "Kernel Module";
        const auto module = line.find(k_module);
        if (!line.starts_with("NVRM version:") || module == std::string_view::npos) continue;
        for (const auto word : split(line.substr(module + k_module.size()), ' ')) {
            if (auto version = leading_version(word)) return ProcVersion{*std::move(version), line.find("Open Kernel Module") != std::string_view::npos};
        }
    }
    return std::nullopt;
}

}  // namespace envlock::cuda
