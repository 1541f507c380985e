#include "layers/cuda/driver.hpp"

#include "layers/cuda/proc_version.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/elf/ld_cache.hpp>

#include <algorithm>

namespace envlock::cuda {
namespace {

constexpr std::size_t k_small = 1U << 16U;

std::string variable(const ProbeContext& context, const std::string& name) {
    const auto found = context.environment.find(name);
    return found == context.environment.end() ? std::string{} : found->second;
}

void read_kmd(const ProbeContext& context, Driver& driver) {
    const auto proc = context.files.read("/proc/driver/nvidia/version", k_small);
    const auto parsed = proc ? parse_proc_version(*proc) : std::nullopt;
    if (parsed) driver.flavour = parsed->open_module ? "open" : "closed";
    if (const auto sys = context.files.read("/sys/module/nvidia/version", k_small)) {
        driver.kmd = leading_version(trim(*sys));
        driver.kmd_source = "/sys/module/nvidia/version";
    }
    if (!driver.kmd && parsed) {
        driver.kmd = parsed->version;
        driver.kmd_source = "/proc/driver/nvidia/version";
    }
}

// Where the loader could find the driver's libraries, nearest first, with how to name the place.
std::vector<std::pair<std::string, std::string>> library_files(const ProbeContext& context, const std::string& name) {
    std::vector<std::pair<std::string, std::string>> out;
    const auto search_path = variable(context, "LD_LIBRARY_PATH");
    for (const auto dir : split(search_path, ':')) {
        if (dir.starts_with('/')) out.emplace_back(join(dir, name), "LD_LIBRARY_PATH");
    }
    for (const auto* dir : {"/run/opengl-driver/lib", "/usr/lib/wsl/lib"}) out.emplace_back(join(dir, name), dir);
    if (const auto bytes = context.files.read("/etc/ld.so.cache")) {
        if (const auto cache = elf::LdCache::parse(*bytes, "/etc/ld.so.cache")) {
            for (const auto* entry : cache->find(name)) {
                if (entry->flags != 0x0003) out.emplace_back(entry->path, "ld.so.cache");  // 0x0003: the 32-bit copy
            }
        }
    }
    for (const auto* dir : {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64/nvidia", "/usr/lib64", "/lib64",
                            "/usr/lib/aarch64-linux-gnu/tegra", "/usr/local/cuda/compat"}) {
        out.emplace_back(join(dir, name), dir);
    }
    return out;
}

void read_umd(const ProbeContext& context, Driver& driver) {
    for (const auto* name : {"libcuda.so.1", "libnvidia-ml.so.1"}) {
        for (const auto& [path, source] : library_files(context, name)) {
            const auto real = context.files.real_path(path);
            // A stub has the driver's soname and is not the driver.
            if (!real || real->find("/stubs/") != std::string::npos || !context.files.is_regular(*real)) continue;
            driver.umd_present = true;
            driver.umd_source = source;
            driver.compat = real->find("/compat/") != std::string::npos;
            const auto base = file_name(*real);
            const auto so = base.find(".so.");
            const auto version = so == std::string_view::npos ? std::nullopt : leading_version(base.substr(so + 4));
            if (version && version->parts.size() >= 2 && version->parts[0] > 1) driver.umd = version;  // not "libcuda.so.1.1"
            return;
        }
    }
}

std::optional<std::string> find_smi(const ProbeContext& context) {
    auto dirs = variable(context, "PATH");
    for (const auto dir : split(dirs, ':')) {
        if (dir.starts_with('/') && context.files.is_regular(join(dir, "nvidia-smi"))) return join(dir, "nvidia-smi");
    }
    const std::string wsl = "/usr/lib/wsl/lib/nvidia-smi";
    return context.files.is_regular(wsl) ? std::optional(wsl) : std::nullopt;
}

void ask_smi(const ProbeContext& context, Driver& driver) {
    const auto program = find_smi(context);
    if (!program || (!driver.kmd && !driver.wsl)) return;
    const auto limit = std::chrono::milliseconds(5'000);
    const auto run = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), *program);
        return context.processes.run({.argv = std::move(arguments), .limit = limit, .directory = {}, .input = {}, .max_output = 4U << 20U});
    };
    auto answer = run({"--query-gpu=name,driver_version,memory.total,compute_cap,mig.mode.current", "--format=csv,nounits"});
    // An unknown field refuses the whole query (status 2): older drivers know fewer.
    if (answer && answer->exit_code == 2) answer = run({"--query-gpu=name,driver_version,memory.total", "--format=csv,nounits"});
    if (!answer) {
        driver.notes.push_back({"", "driver", "nvidia-smi", escape_controls(to_line(answer.error()))});
        return;
    }
    if (answer->exit_code != 0 && answer->exit_code != 14) {  // 14: a valid answer with a warning
        driver.mismatch_seen = answer->exit_code == 18;
        driver.notes.push_back({"", "driver", "nvidia-smi", "exit status " + std::to_string(answer->exit_code)});
        return;
    }
    auto csv = parse_smi_csv(answer->out);
    driver.gpus = std::move(csv.gpus);
    driver.gpus_source = "nvidia-smi";
    if (!driver.kmd && csv.driver) {
        driver.kmd = csv.driver;
        driver.kmd_source = "nvidia-smi";
    }
    if (const auto table = run({})) driver.cuda_max = parse_smi_text(table->out).cuda;
}

// Without nvidia-smi the kernel module still tells the models.
void read_proc_gpus(const ProbeContext& context, Driver& driver) {
    const std::string folder = "/proc/driver/nvidia/gpus";
    const auto entries = context.files.list(folder);
    if (!entries) return;
    for (const auto& entry : *entries) {
        const auto text = context.files.read(folder + "/" + entry.name + "/information", k_small);
        if (!text) continue;
        for (const auto line : split_lines(*text)) {
            if (line.starts_with("Model:")) driver.gpus.push_back({std::string(trim(line.substr(6))), {}, -1, {}});
        }
    }
    if (!driver.gpus.empty()) driver.gpus_source = folder;
}

}  // namespace

Driver find_driver(const ProbeContext& context) {
    Driver driver;
    const auto kernel = context.files.read("/proc/sys/kernel/osrelease", k_small);
    driver.wsl = context.files.is_directory("/usr/lib/wsl/lib") || (kernel && ascii_lower(*kernel).find("microsoft") != std::string::npos);
    read_kmd(context, driver);
    read_umd(context, driver);
    ask_smi(context, driver);
    if (driver.gpus.empty()) read_proc_gpus(context, driver);
    return driver;
}

}  // namespace envlock::cuda
