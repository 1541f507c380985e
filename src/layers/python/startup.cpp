#include "layers/python/startup.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace envlock::python {
namespace {

constexpr std::size_t k_most_lines = 20;
constexpr std::size_t k_longest_line = 300;

enum class Form : std::uint8_t { none, pth, start, module };

Form form_of(std::string_view name, const SiteDir& site) {
    if (name == "sitecustomize.py" || name == "usercustomize.py") return Form::module;
    if (site.layer == "pythonpath") return Form::none;  // .pth files count in site dirs only
    if (name.ends_with(".pth")) return Form::pth;
    if (name.ends_with(".start") && !name.starts_with('.')) return Form::start;
    return Form::none;
}

// The lines that are executed: exactly those that site.py would exec, or every entry point.
std::vector<std::string> executed_lines(std::string_view text, Form form) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::vector<std::string> lines;
    std::size_t more = 0;
    for (const auto line : split_lines(text)) {
        const bool import = line.starts_with("import ") || line.starts_with("import\t");
        const bool wanted = form == Form::pth ? import : !trim(line).empty() && !trim(line).starts_with('#');
        if (!wanted) continue;
        if (lines.size() >= k_most_lines) ++more;
        else lines.push_back(escape_controls(line.substr(0, k_longest_line)));
    }
    if (more > 0) lines.push_back("and " + std::to_string(more) + " more");
    return lines;
}

// Absolute path of every top-level RECORD row that could be a hook → the distribution that lists it.
std::map<std::string, std::string> hook_owners(const std::vector<Distribution>& distributions) {
    std::map<std::string, std::string> owners;
    for (const auto& each : distributions) {
        for (const auto& row : each.rows) {
            if (form_of(file_name(row.path), each.site) == Form::none) continue;
            if (auto path = confine_record_path(row.path, each.site.path, each.site.prefix)) owners.emplace(*std::move(path), each.component.key);
        }
    }
    return owners;
}

}  // namespace

bool is_startup_file(std::string_view path) {
    const SiteDir any_site_dir;
    return form_of(file_name(path), any_site_dir) != Form::none;
}

std::vector<Component> find_startup_hooks(const ProbeContext& context, const Playground& playground,
                                          const std::vector<Distribution>& distributions, std::vector<Note>& notes) {
    std::vector<Component> hooks;
    const auto owners = hook_owners(distributions);
    for (const auto& site : playground.site_dirs) {
        const auto entries = context.files.list(site.path);
        if (!entries) continue;  // list_installed has said so
        for (const auto& entry : *entries) {
            const auto form = form_of(entry.name, site);
            const auto path = join(site.path, entry.name);
            if (form == Form::none || entry.kind == FileKind::directory) continue;
            Component hook;
            hook.key = "startup:" + escape_controls(entry.name);
            hook.kind = "startup";
            hook.facts["site"] = site.layer;
            if (const auto owner = owners.find(path); owner != owners.end()) hook.facts["owner"] = owner->second;
            const auto text = context.files.read(path, 8U << 20U);
            if (!text) {
                hook.unknown = true;
                notes.push_back({"", hook.key, entry.name, to_line(text.error())});
                hooks.push_back(std::move(hook));
                continue;
            }
            auto lines = executed_lines(*text, form);
            if (form == Form::pth && lines.empty()) continue;
            const auto digest = sha256_tagged(*text);
            hook.digests["content"] = digest;
            hook.path = {{"value", digest}};
            hook.facts["lines"] = std::move(lines);
            hooks.push_back(std::move(hook));
        }
    }
    return hooks;
}

}  // namespace envlock::python
