#include "layers/cuda/probe.hpp"

#include "layers/cuda/compat.hpp"
#include "layers/cuda/driver.hpp"
#include "layers/cuda/toolkit.hpp"
#include "layers/cuda/wheels.hpp"

#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock {
namespace {

using namespace cuda;

void set(Component& component, const char* name, const std::optional<Dotted>& version) {
    if (version) component.facts[name] = version->text;
}
void set(Component& component, const char* name, const std::string& text) {
    if (!text.empty()) component.facts[name] = to_utf8(text);
}

Component made(std::string key, std::string kind, const std::optional<Dotted>& version) {
    Component out;
    out.key = std::move(key);
    out.kind = std::move(kind);
    if (version) out.version = version->text, out.path = dotted_path(*version);
    else out.unknown = true;
    return out;
}

void add_driver(const Driver& driver, LayerSnapshot& out) {
    for (const auto& note : driver.notes) out.notes.push_back(note);
    if (!driver.present()) return;
    auto component = made("driver", "driver", driver.best());
    set(component, "kmd", driver.kmd);
    set(component, "kmdSource", driver.kmd ? driver.kmd_source : "");
    set(component, "flavour", driver.flavour);
    set(component, "umd", driver.umd);
    set(component, "umdSource", driver.umd_source);
    set(component, "cudaMax", driver.cuda_max);
    if (driver.wsl) component.facts["wsl"] = true;
    if (driver.compat) component.facts["forwardCompatibility"] = true;
    out.components.push_back(std::move(component));
    const bool differ = driver.kmd && driver.umd && *driver.kmd != *driver.umd && !driver.wsl && !driver.compat;
    if (differ) {
        out.notes.push_back({"CUDA001", "driver", "kernel module " + driver.kmd->text, "user-mode library " + driver.umd->text + " (" + driver.umd_source + ")"});
    } else if (driver.mismatch_seen) {
        out.notes.push_back({"CUDA001", "driver", "nvidia-smi", "says that library and kernel module differ"});
    }
}

// Equal GPUs are one component: which slot they sit in is not part of an environment.
void add_gpus(const Driver& driver, LayerSnapshot& out) {
    std::map<SmiGpu, std::int64_t> classes;
    for (const auto& gpu : driver.gpus) ++classes[gpu];
    for (const auto& [gpu, count] : classes) {
        Component component;
        component.key = "gpu:" + to_utf8(gpu.name);
        component.kind = "gpu";
        component.version = std::to_string(count) + " x " + to_utf8(gpu.name);
        // Only what is known enters the path: the name always, the rest where nvidia-smi answered.
        std::string value = std::to_string(count) + " x " + to_utf8(gpu.name);
        for (const auto& part : {gpu.compute, gpu.memory_mib < 0 ? std::string{} : std::to_string(gpu.memory_mib) + " MiB", gpu.mig.empty() ? std::string{} : "MIG " + to_utf8(gpu.mig)}) {
            if (!part.empty()) value += ", " + part;
        }
        component.path = {{"value", value}};
        component.facts["count"] = count;
        set(component, "computeCapability", gpu.compute);
        if (gpu.memory_mib >= 0) component.facts["memoryMib"] = gpu.memory_mib;
        set(component, "mig", gpu.mig);
        set(component, "gpuSource", driver.gpus_source);
        out.components.push_back(std::move(component));
    }
}

void add_toolkits(const std::vector<Toolkit>& toolkits, const std::vector<Wheel>& wheels, LayerSnapshot& out) {
    for (std::size_t i = 0; i < toolkits.size(); ++i) {
        const auto& toolkit = toolkits[i];
        auto component = made(i == 0 ? "toolkit" : "toolkit:" + to_utf8(shown_root(toolkit.root)), "toolkit", toolkit.version);
        set(component, "root", shown_root(toolkit.root));
        set(component, "foundBy", toolkit.source);
        set(component, "versionSource", toolkit.version_source);
        std::vector<std::string> parts;
        for (const auto& [name, version] : toolkit.parts) parts.push_back(to_utf8(name) + " " + to_utf8(version));
        if (!parts.empty()) component.facts["parts"] = std::move(parts);
        out.components.push_back(std::move(component));
    }
    for (const auto& wheel : wheels) {
        if (!wheel.name.starts_with("nvidia-cuda-runtime") || wheel.version.text == "0.0.1") continue;
        auto component = made("toolkit:wheel:" + wheel.name, "toolkit", wheel.version);
        set(component, "foundBy", "distribution");
        out.components.push_back(std::move(component));
    }
}

// The wheel's library is what Python code loads; one from the system is kept beside it.
void add_library(const std::string& key, const HeaderVersion& header, const std::vector<Wheel>& wheels, LayerSnapshot& out) {
    bool in_wheel = false;
    for (const auto& wheel : wheels) {
        if (wheel.name != "nvidia-" + key && !wheel.name.starts_with("nvidia-" + key + "-cu")) continue;
        auto component = made(in_wheel ? key + ":" + wheel.name : key, "library", wheel.version);
        set(component, "versionSource", wheel.name);
        out.components.push_back(std::move(component));
        in_wheel = true;
    }
    if (!header.version) return;
    auto component = made(in_wheel ? key + ":system" : key, "library", header.version);
    set(component, "versionSource", header.source);
    out.components.push_back(std::move(component));
}

// The table is for Linux drivers; WSL shows the Windows number and a compat library its own, so
// there only the CUDA version that the driver itself names counts.
Verdict verdict_for(const Driver& driver, const Dotted& built) {
    if (driver.cuda_max && driver.cuda_max->parts[0] < built.parts[0]) return {Compatibility::incompatible, {}};
    if (driver.wsl || driver.compat || !driver.best()) return {};
    return judge(*driver.best(), built);
}

void add_frameworks(const Driver& driver, const Wheels& wheels, LayerSnapshot& out) {
    if (!wheels.torch_cuda) return;
    auto component = made("torch-cuda", "built-against", wheels.torch_cuda);
    set(component, "framework", "torch " + wheels.torch_version);
    if (driver.present()) {
        const auto verdict = verdict_for(driver, *wheels.torch_cuda);
        set(component, "compatibility", std::string(to_string(verdict.compatibility)));
        set(component, "table", verdict.compatibility == Compatibility::unknown ? "" : std::string(k_table));
        if (verdict.compatibility == Compatibility::incompatible) {
            const auto has = driver.best() ? "driver " + driver.best()->text : "driver for CUDA " + driver.cuda_max->text;
            const auto wants = verdict.minimum.empty() ? "" : ", needs " + verdict.minimum + " or newer (" + std::string(k_table) + ")";
            out.notes.push_back({"CUDA002", "torch-cuda", "torch built for CUDA " + wheels.torch_cuda->text, has + wants});
        }
    }
    out.components.push_back(std::move(component));
}

void note_majors(const Wheels& wheels, LayerSnapshot& out) {
    const auto majors = cuda_majors(wheels.nvidia);
    if (majors.size() < 2) return;
    std::string detail;
    for (const auto& [major, names] : majors) {
        detail += (detail.empty() ? "CUDA " : "; CUDA ") + std::to_string(major) + ": " + names.front();
        if (names.size() > 1) detail += " and " + std::to_string(names.size() - 1) + " more";
    }
    out.notes.push_back({"CUDA010", "", "several CUDA majors in one playground", detail});
}

}  // namespace

Result<LayerSnapshot> probe_cuda(const ProbeContext& context) {
    LayerSnapshot out;
    out.layer = "cuda";
    const auto driver = find_driver(context);
    const auto toolkits = find_toolkits(context);
    const auto wheels = find_wheels(context);
    add_driver(driver, out);
    add_gpus(driver, out);
    add_toolkits(toolkits, wheels.nvidia, out);
    add_library("cudnn", find_cudnn(context, toolkits), wheels.nvidia, out);
    add_library("nccl", find_nccl(context, toolkits), wheels.nvidia, out);
    add_frameworks(driver, wheels, out);
    note_majors(wheels, out);
    out.presence = out.components.empty() ? Presence::absent : Presence::present;
    freeze(out);
    return out;
}

}  // namespace envlock
