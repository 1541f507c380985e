#include "layers/cuda/wheels.hpp"

#include "layers/cuda/version_json.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/layer/playground.hpp>
#include <envlock/version/name.hpp>

namespace envlock::cuda {

Wheels find_wheels(const ProbeContext& context) {
    Wheels out;
    if (context.project.venv.empty()) return out;
    const auto playground = find_playground(context);
    if (!playground) return out;  // the python layer says why
    std::vector<Note> ignored;    // the python layer notes what cannot be listed
    for (const auto& installed : list_installed(context, *playground, ignored)) {
        constexpr std::string_view k_suffix = ".dist-info";
        auto base = file_name(installed.path);
        if (installed.kind != InstalledKind::dist_info || !base.ends_with(k_suffix)) continue;
        base.remove_suffix(k_suffix.size());
        const auto dash = base.rfind('-');
        if (dash == std::string_view::npos) continue;
        auto name = normalize_name(base.substr(0, dash));
        if (!name.starts_with("nvidia-")) continue;
        auto text = base.substr(dash + 1);
        if (auto version = parse_dotted(text.substr(0, text.find_first_not_of("0123456789.")))) out.nvidia.push_back({std::move(name), *std::move(version)});
    }
    for (const auto& site : playground->site_dirs) {
        const auto text = context.files.read(join(site.path, "torch/version.py"), 1U << 16U);
        if (!text) continue;
        out.torch_cuda = parse_torch_cuda(*text);
        for (const auto line : split_lines(*text)) {
            if (!line.starts_with("__version__")) continue;
            const auto open = line.find_first_of("'\"");
            if (open != std::string_view::npos) out.torch_version = std::string(line.substr(open + 1, line.find(line[open], open + 1) - open - 1));
        }
        break;  // the first on the path is the one that is imported
    }
    return out;
}

std::map<std::int64_t, std::vector<std::string>> cuda_majors(const std::vector<Wheel>& wheels) {
    std::map<std::int64_t, std::vector<std::string>> out;
    for (const auto& wheel : wheels) {
        if (wheel.version.text == "0.0.1") continue;
        const auto cu = wheel.name.rfind("-cu");
        const auto number = cu == std::string::npos ? std::nullopt : parse_dotted(std::string_view(wheel.name).substr(cu + 3));
        if (number && number->parts.size() == 1) out[number->parts[0]].push_back(wheel.name);
        else if (wheel.name == "nvidia-cuda-runtime") out[wheel.version.parts[0]].push_back(wheel.name);
    }
    return out;
}

}  // namespace envlock::cuda
