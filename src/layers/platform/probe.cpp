#include "layers/platform/probe.hpp"

#include "layers/platform/facts.hpp"

namespace envlock::platform {

Result<LayerSnapshot> probe_platform(const ProbeContext& context) {
    LayerSnapshot out{.layer = "platform"};
    auto os = os_component(context);
    auto distribution = distribution_component(context, os);
    if (!distribution.version.empty() || distribution.unknown) out.components.push_back(std::move(distribution));
    if (auto kernel = kernel_component(context); !kernel.version.empty()) out.components.push_back(std::move(kernel));
    out.components.push_back(std::move(os));
    out.components.push_back(arch_component(context));
    out.components.push_back(libc_component(context));
    for (auto& variable : variable_components(context, out.notes)) out.components.push_back(std::move(variable));
    for (const auto& component : out.components) {
        if (component.unknown) out.notes.push_back({"", component.key, component.key, "could not be read on this machine"});
    }
    freeze(out);
    return out;
}

}  // namespace envlock::platform
