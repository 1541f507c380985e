// pip's own order and rules, as its configuration.py, appdirs.py and req_file.py have them.
#include "index/requirements_options.hpp"
#include "index/settings.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_bytes = 1U << 20U;

struct Said {
    std::string value, origin;
};
using Options = std::map<std::string, Said>;  // by pip's long name

std::string option_name(std::string_view text) {
    auto name = ascii_lower(trim(text));
    std::ranges::replace(name, '_', '-');
    if (name.starts_with("--")) name.erase(0, 2);
    return name == "pypi-url" ? "index-url" : name;
}

// Global, user (the old place first), the playground's, PIP_CONFIG_FILE. The null device there means
// "no file at all"; a file that exists there hides the user's.
std::vector<std::string> configuration_files(const Surroundings& here) {
    const auto named = here.variable("PIP_CONFIG_FILE");
    if (named == "/dev/null") return {};
    const auto named_path = path_setting(here, named, here.project_root);
    std::vector<std::string> out;
    const auto folders = here.variable("XDG_CONFIG_DIRS");
    for (const auto folder : split(trim(folders).empty() ? std::string_view("/etc/xdg") : std::string_view(folders), ':')) {
        if (folder.starts_with('/')) out.push_back(join(folder, "pip/pip.conf"));
    }
    out.emplace_back("/etc/pip.conf");
    const bool hidden = !named_path.empty() && here.files.real_path(named_path).has_value();
    if (const auto home = here.home(); !home.empty() && !hidden) {
        out.push_back(join(home, ".pip/pip.conf"));
        const auto xdg = here.variable("XDG_CONFIG_HOME");
        out.push_back(join(trim(xdg).empty() ? join(home, ".config") : xdg, "pip/pip.conf"));
    }
    if (!here.venv.empty()) out.push_back(join(here.venv, "pip.conf"));
    if (!named_path.empty()) out.push_back(named_path);
    return out;
}

// A later file wins within a section; then [install] of any file wins over every [global]. An empty
// value hides what an earlier file said there, and is then no value. [download] and the other commands'
// sections are not those of an install.
void take_files(Options& out, const Surroundings& here, std::vector<std::string>& warnings) {
    std::map<std::string, Said> merged;
    for (const auto& path : configuration_files(here)) {
        const auto text = here.files.read(path, k_most_bytes);
        if (!text) {
            if (text.error().code != ErrorCode::file_missing) warnings.push_back(to_line(text.error()));
            continue;
        }
        for (auto& [name, value] : parse_pip_conf(*text)) merged.insert_or_assign(name, Said{value, path});
    }
    for (const std::string_view section : {"global.", "install."}) {
        for (const auto& [name, said] : merged) {
            if (name.starts_with(section) && !trim(said.value).empty()) out.insert_or_assign(option_name(name.substr(section.size())), said);
        }
    }
}

void take_environment(Options& out, const Environment& environment) {
    for (const auto& [name, value] : environment) {
        if (name.starts_with("PIP_") && !value.empty()) out.insert_or_assign(option_name(name.substr(4)), Said{value, name});
    }
}

// Which indexes and links one `pip install` would use.
struct Scope {
    bool has_main = false;
    std::vector<IndexUrl> indexes;  // the main one first when has_main
    std::vector<LinksPlace> links;
    bool no_index = false;
    bool touched = false;  // by a requirements file
};

Scope configured_scope(const Surroundings& here, const Options& options, std::vector<std::string>& warnings) {
    Scope out;
    const auto each = [&](const char* name, const auto& use) {
        if (const auto found = options.find(name); found != options.end()) use(found->second);
    };
    each("index-url", [&](const Said& said) {
        out.has_main = true;
        out.indexes.push_back(split_credentials(trim(said.value), said.origin));
    });
    each("extra-index-url", [&](const Said& said) {
        for (const auto& url : words(said.value)) out.indexes.push_back(split_credentials(url, said.origin));
    });
    each("find-links", [&](const Said& said) {
        for (const auto& value : words(said.value)) {
            if (auto place = links_place(here, value, here.project_root, said.origin, warnings)) out.links.push_back(*std::move(place));
        }
    });
    each("no-index", [&](const Said& said) { out.no_index = is_yes(said.value); });
    return out;
}

// One requirements file over what is configured: its --index-url replaces every index so far.
void apply(Scope& scope, const RequirementsOption& option, const Surroundings& here, const Flags& flags, ToolSettings& out) {
    if (option.name == "trusted-host") {
        out.trusted_hosts.push_back(option.value);
    } else if (option.name == "no-index") {
        scope.no_index = scope.touched = true;
        scope.indexes.clear();
    } else if (option.name == "index-url" && !scope.no_index && flags.index_url.empty()) {
        scope.has_main = scope.touched = true;
        scope.indexes = {split_credentials(option.value, option.origin)};
    } else if (option.name == "extra-index-url" && !scope.no_index) {
        scope.touched = true;
        scope.indexes.push_back(split_credentials(option.value, option.origin));
    } else if (option.name == "find-links") {
        // Beside the file when something lies there, else from where pip runs.
        std::vector<std::string> ignored;
        auto place = links_place(here, option.value, option.folder, option.origin, ignored);
        if (!place) place = links_place(here, option.value, here.project_root, option.origin, out.warnings);
        if (!place) return;
        scope.touched = true;
        scope.links.push_back(*std::move(place));
    }
}

void add(ToolSettings& out, Scope scope) {
    for (auto& place : scope.links) out.find_links.push_back(std::move(place));
    for (std::size_t i = 0; i < scope.indexes.size(); ++i) {
        if (i == 0 && scope.has_main && !out.main) out.main = std::move(scope.indexes[i]);
        else out.indexes.push_back(std::move(scope.indexes[i]));
    }
}

}  // namespace

Flags parse_flags(const std::vector<std::string>& arguments) {
    Flags out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto equals = arguments[i].starts_with("--") ? arguments[i].find('=') : std::string::npos;
        const auto flag = arguments[i].substr(0, equals);
        if (flag == "--no-index") out.no_index = true;
        constexpr std::array<std::string_view, 9> valued{"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host",
                                                         "--cert", "--client-cert", "--proxy"};
        if (std::ranges::find(valued, flag) == valued.end()) continue;
        if (equals == std::string::npos && i + 1 >= arguments.size()) break;
        const auto value = equals == std::string::npos ? arguments[++i] : arguments[i].substr(equals + 1);
        if (flag == "-i" || flag == "--index-url") out.index_url = value;
        else if (flag == "--extra-index-url") out.extra.push_back(value);
        else if (flag == "-f" || flag == "--find-links") out.find_links.push_back(value);
        else if (flag == "--trusted-host") out.trusted.push_back(value);
        else if (flag == "--cert") out.cert = value;
        else if (flag == "--client-cert") out.client_cert = value;
        else out.proxy = value;
    }
    return out;
}

ToolSettings pip_settings(const Surroundings& here, const Flags& flags) {
    ToolSettings out;
    Options options;
    take_files(options, here, out.warnings);
    take_environment(options, here.environment);
    const auto path = [&](const char* name) { return path_setting(here, options[name].value, here.project_root); };
    out.ca_file = path("cert");
    out.client_cert = path("client-cert");
    out.proxy = std::string(trim(options["proxy"].value));
    out.trusted_hosts = words(options["trusted-host"].value);
    const auto configured = configured_scope(here, options, out.warnings);
    const bool any = !configured.indexes.empty() || !configured.links.empty() || configured.no_index;
    bool touched = false;
    out.no_index = true;  // until a scope says otherwise
    for (const auto& file : project_requirements(here.files, here.project_root, here.environment)) {
        auto scope = configured;
        if (scope.no_index) scope.indexes.clear();
        for (const auto& option : file.options) apply(scope, option, here, flags, out);
        for (const auto& warning : file.warnings) out.warnings.push_back(warning);
        if (!scope.touched) continue;
        touched = true;
        out.no_index &= scope.no_index;
        add(out, std::move(scope));
    }
    out.configured = any || touched;
    if (touched) return out;
    out.no_index = configured.no_index;
    add(out, configured);
    return out;
}

}  // namespace envlock::index
