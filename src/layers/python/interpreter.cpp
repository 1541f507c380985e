#include "layers/python/interpreter.hpp"

#include <envlock/base/text.hpp>
#include <envlock/version/store_path.hpp>

#include <algorithm>

namespace envlock::python {
namespace {

// pyvenv.cfg may say "3.12" only; a store path's name knows the rest.
std::string best_version(const Playground& playground) {
    const auto dots = std::ranges::count(playground.full_version, '.');
    if (dots >= 2) return playground.full_version;
    if (const auto store = parse_store_path(playground.base_store)) {
        auto version = split_store_name(store->name).version;
        if (!playground.python_version.empty() && version.starts_with(playground.python_version + ".")) return version;
    }
    return playground.full_version.empty() ? playground.python_version : playground.full_version;
}

std::string abi_of(const Playground& playground) {
    if (playground.python_version.empty()) return "";
    std::string digits = playground.python_version;
    std::erase(digits, '.');
    return (playground.implementation == "pypy" ? "pp" : "cp") + digits + playground.abi_flags;
}

}  // namespace

Component describe_interpreter(const Playground& playground, const PathNames& names) {
    Component out;
    out.key = "python";
    out.kind = "interpreter";
    out.version = best_version(playground);
    const auto parts = split(out.version, '.');
    const auto part = [&](std::size_t i) { return i < parts.size() ? std::string(parts[i]) : std::string(); };
    const auto store = parse_store_path(playground.base_store);
    out.path = {{"major", part(0)}, {"minor", part(1)}, {"micro", part(2)}, {"build", store ? store->hash : ""}, {"abi", abi_of(playground)}};
    out.unknown = out.version.empty();
    out.facts["home"] = escape_controls(names.shorten(playground.home));
    out.facts["creator"] = playground.creator;
    if (!playground.interpreter.empty()) out.facts["link"] = escape_controls(names.shorten(playground.interpreter.back()));
    out.facts["systemSite"] = playground.include_system_site;
    if (!playground.base_store.empty()) out.facts["baseStore"] = playground.base_store;
    return out;
}

}  // namespace envlock::python
