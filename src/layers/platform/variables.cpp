#include "layers/platform/facts.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>

namespace envlock::platform {
namespace {

constexpr std::size_t k_longest_value = 8192;

// What changes which code is loaded or which numbers come out; nothing else of the environment is read.
constexpr std::array<std::string_view, 33> k_names{
    "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES",
    "GLIBC_TUNABLES", "PYTHONPATH", "PYTHONHOME", "PYTHONHASHSEED", "PYTHONNOUSERSITE", "PYTHONOPTIMIZE", "PYTHONSAFEPATH",
    "PYTHONPLATLIBDIR", "PYTHONMALLOC", "PYTHONUTF8", "PYTHONUSERBASE", "PYTHONSTARTUP", "CUDA_HOME", "CUDA_PATH",
    "CUDA_VISIBLE_DEVICES", "CUDA_MODULE_LOADING", "CUDA_LAUNCH_BLOCKING", "CUBLAS_WORKSPACE_CONFIG", "NVIDIA_TF32_OVERRIDE",
    "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS", "LC_ALL", "LC_NUMERIC", "LANG", "TZ", "XLA_FLAGS",
};
constexpr std::array<std::string_view, 3> k_prefixes{"MKL_", "OPENBLAS_", "NIX_LD"};

bool is_listed(std::string_view name) {
    return std::ranges::find(k_names, name) != k_names.end() || std::ranges::any_of(k_prefixes, [&](auto prefix) { return name.starts_with(prefix); });
}

// Ids of single cards tell one machine from every other.
bool names_a_card(std::string_view name, std::string_view value) {
    return name == "CUDA_VISIBLE_DEVICES" && (value.find("GPU-") != std::string_view::npos || value.find("MIG-") != std::string_view::npos);
}

}  // namespace

std::vector<Component> variable_components(const ProbeContext& context, std::vector<Note>& notes) {
    std::map<std::string, std::string> folders;
    // Of equal folders the first one keeps its name: a playground that is the project is $VENV.
    folders.emplace(context.project.venv, "$VENV");
    folders.emplace(context.project.root, "$PROJECT");
    if (const auto home = context.environment.find("HOME"); home != context.environment.end()) folders.emplace(home->second, "$HOME");
    std::vector<Component> out;
    for (const auto& [name, raw] : context.environment) {
        if (!is_listed(name)) continue;
        Component component{.key = "env:" + name, .kind = "variable"};
        auto value = replace_folders(redact_urls_in(to_utf8(raw)), folders);
        if (const auto secret = find_secret(value)) {
            notes.push_back({"", component.key, name, "holds what looks like a " + *secret + ": its value is not kept"});
            component.unknown = true;
        } else if (names_a_card(name, value)) {
            value = std::to_string(split(value, ',').size()) + " by id";
        } else if (value.size() > k_longest_value) {
            value = sha256_tagged(value);
        }
        if (!component.unknown) {
            component.version = escape_controls(value);
            component.path = {{"value", component.version}};
        }
        out.push_back(std::move(component));
    }
    return out;
}

}  // namespace envlock::platform
