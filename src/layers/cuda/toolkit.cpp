#include "layers/cuda/toolkit.hpp"

#include "layers/cuda/version_json.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/store_path.hpp>

#include <algorithm>

namespace envlock::cuda {
namespace {

constexpr std::size_t k_header = 2U << 20U;

void read_version(const ProbeContext& context, Toolkit& toolkit) {
    if (const auto text = context.files.read(join(toolkit.root, "version.json"), 1U << 20U)) {
        if (auto parsed = parse_version_json(*text, "version.json")) {
            toolkit.parts = std::move(parsed->parts);
            toolkit.parts.erase("nvidia_driver");  // bundled, not installed
            toolkit.version = parsed->cuda;
            toolkit.version_source = "version.json";
        }
    }
    if (toolkit.version) return;
    if (const auto text = context.files.read(join(toolkit.root, "version.txt"), 1U << 16U)) {
        toolkit.version = parse_version_txt(*text);
        toolkit.version_source = "version.txt";
    }
    if (toolkit.version) return;
    for (const auto* header : {"include/cuda.h", "targets/x86_64-linux/include/cuda.h"}) {
        const auto text = context.files.read(join(toolkit.root, header), k_header);
        const auto value = text ? parse_define(*text, "CUDA_VERSION") : std::nullopt;
        toolkit.version = value ? from_cuda_integer(*value) : std::nullopt;
        toolkit.version_source = "cuda.h";
        if (toolkit.version) return;
    }
    toolkit.version_source.clear();
}

// A folder counts as a toolkit when it tells a version or has the compiler.
void add(const ProbeContext& context, const std::string& root, const std::string& source, std::vector<Toolkit>& out) {
    const auto real = context.files.real_path(root);
    if (!real || std::ranges::find(out, *real, &Toolkit::root) != out.end()) return;
    Toolkit toolkit{*real, source, {}, {}, {}};
    read_version(context, toolkit);
    if (toolkit.version || context.files.is_regular(join(*real, "bin/nvcc"))) out.push_back(std::move(toolkit));
}

std::optional<Dotted> three(const ProbeContext& context, const std::string& path, std::string_view prefix, std::string_view last) {
    const auto text = context.files.read(path, k_header);
    if (!text) return std::nullopt;
    const auto major = parse_define(*text, std::string(prefix) + "MAJOR"), minor = parse_define(*text, std::string(prefix) + "MINOR");
    const auto patch = parse_define(*text, std::string(prefix) + std::string(last));
    if (!major || !minor || !patch) return std::nullopt;
    return parse_dotted(std::to_string(*major) + "." + std::to_string(*minor) + "." + std::to_string(*patch));
}

HeaderVersion find_header(const ProbeContext& context, const std::vector<Toolkit>& toolkits, const char* name, std::string_view prefix, std::string_view last) {
    std::vector<std::string> dirs;
    for (const auto& toolkit : toolkits) dirs.push_back(join(toolkit.root, "include"));
    for (const auto* dir : {"/usr/include", "/usr/include/x86_64-linux-gnu", "/usr/include/aarch64-linux-gnu"}) dirs.emplace_back(dir);
    for (const auto& dir : dirs) {
        if (auto version = three(context, join(dir, name), prefix, last)) return {std::move(version), shown_root(dir)};
    }
    return {};
}

}  // namespace

std::vector<Toolkit> find_toolkits(const ProbeContext& context) {
    std::vector<Toolkit> out;
    for (const auto* name : {"CUDA_HOME", "CUDA_PATH", "CUDAToolkit_ROOT"}) {
        const auto found = context.environment.find(name);
        if (found != context.environment.end() && found->second.starts_with('/')) add(context, found->second, name, out);
    }
    if (const auto path = context.environment.find("PATH"); path != context.environment.end()) {
        for (const auto dir : split(path->second, ':')) {
            if (!dir.starts_with('/')) continue;
            const auto nvcc = context.files.real_path(join(dir, "nvcc"));
            if (nvcc && context.files.is_regular(*nvcc)) add(context, std::string(parent_path(parent_path(*nvcc))), "PATH", out);
        }
    }
    add(context, "/usr/local/cuda", "/usr/local/cuda", out);
    if (const auto entries = context.files.list("/usr/local")) {
        for (const auto& entry : *entries) {
            if (entry.name.starts_with("cuda-")) add(context, "/usr/local/" + entry.name, "/usr/local", out);
        }
    }
    add(context, "/opt/cuda", "/opt/cuda", out);
    return out;
}

std::string shown_root(std::string_view root) {
    if (const auto store = parse_store_path(root)) return "nix-store:" + store->name;
    if (root.starts_with("/usr/") || root.starts_with("/opt/")) return std::string(root);
    return std::string(file_name(root));
}

HeaderVersion find_cudnn(const ProbeContext& context, const std::vector<Toolkit>& toolkits) {
    auto found = find_header(context, toolkits, "cudnn_version.h", "CUDNN_", "PATCHLEVEL");
    return found.version ? found : find_header(context, toolkits, "cudnn.h", "CUDNN_", "PATCHLEVEL");  // up to cuDNN 7
}

HeaderVersion find_nccl(const ProbeContext& context, const std::vector<Toolkit>& toolkits) {
    return find_header(context, toolkits, "nccl.h", "NCCL_", "PATCH");
}

}  // namespace envlock::cuda
