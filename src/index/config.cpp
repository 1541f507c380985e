#include <envlock/index/config.hpp>

#include <envlock/base/path.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock::index {
namespace {

using Environment = std::map<std::string, std::string>;

std::string value_of(const Environment& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto hex = [&](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
        if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            word += c;
        } else if (!word.empty()) {
            out.push_back(std::exchange(word, {}));
        }
    }
    if (!word.empty()) out.push_back(std::move(word));
    return out;
}

// "${NAME}" as pip expands it in requirements files: capital names only, unset ones stay.
std::string expand_variables(std::string_view text, const Environment& environment) {
    std::string out;
    while (!text.empty()) {
        const auto start = text.find("${");
        const auto end = start == std::string_view::npos ? start : text.find('}', start);
        if (end == std::string_view::npos) break;
        const std::string name(text.substr(start + 2, end - start - 2));
        const auto found = environment.find(name);
        out += text.substr(0, start);
        if (found != environment.end()) out += found->second;
        else out += text.substr(start, end - start + 1);
        text.remove_prefix(end + 1);
    }
    return out.append(text);
}

bool truthy(std::string_view text) {
    const auto lower = ascii_lower(trim(text));
    return lower == "1" || lower == "true" || lower == "yes" || lower == "on" || lower == "y" || lower == "t";
}

// Options by name, each list replaced as a whole by a later source, as pip does.
struct Options {
    std::string index_url, index_origin;
    std::vector<std::string> extra, find_links, trusted;
    std::string extra_origin, cert, client_cert, proxy, no_index;
};

void take(Options& out, const std::string& name, const std::string& value, const std::string& origin) {
    if (name == "index-url") out.index_url = std::string(trim(value)), out.index_origin = origin;
    else if (name == "extra-index-url") out.extra = words(value), out.extra_origin = origin;
    else if (name == "find-links") out.find_links = words(value);
    else if (name == "trusted-host") out.trusted = words(value);
    else if (name == "cert") out.cert = std::string(trim(value));
    else if (name == "client-cert") out.client_cert = std::string(trim(value));
    else if (name == "proxy") out.proxy = std::string(trim(value));
    else if (name == "no-index") out.no_index = value;
}

std::vector<std::string> configuration_files(const Environment& environment, std::string_view venv) {
    const auto named = value_of(environment, "PIP_CONFIG_FILE");
    if (named == "/dev/null") return {};  // pip's way to say: none
    std::vector<std::string> out;
    const auto folders = value_of(environment, "XDG_CONFIG_DIRS");
    for (const auto folder : split(folders.empty() ? std::string_view("/etc/xdg") : std::string_view(folders), ':')) {
        if (folder.starts_with('/')) out.push_back(join(folder, "pip/pip.conf"));
    }
    out.emplace_back("/etc/pip.conf");
    if (const auto home = value_of(environment, "HOME"); !home.empty()) {
        out.push_back(join(home, ".pip/pip.conf"));
        const auto xdg = value_of(environment, "XDG_CONFIG_HOME");
        out.push_back(join(xdg.empty() ? join(home, ".config") : xdg, "pip/pip.conf"));
    }
    if (!venv.empty()) out.push_back(join(venv, "pip.conf"));
    if (!named.empty()) out.push_back(named);
    return out;
}

void take_files(Options& out, const FileTree& files, const Environment& environment, std::string_view venv, std::vector<std::string>& warnings) {
    // A later file wins within a section; then every file's [install] wins over any [global].
    std::map<std::string, std::pair<std::string, std::string>> merged;
    for (const auto& path : configuration_files(environment, venv)) {
        const auto text = files.read(path, 1U << 20U);
        if (!text) {
            if (text.error().code != ErrorCode::file_missing) warnings.push_back(to_line(text.error()));
            continue;
        }
        for (auto& [name, value] : parse_pip_conf(*text)) merged.insert_or_assign(name, std::pair(value, path));
    }
    for (const std::string_view section : {"global.", "install."}) {
        for (const auto& [name, value] : merged) {
            if (name.starts_with(section) && !value.first.empty()) take(out, name.substr(section.size()), value.first, value.second);
        }
    }
}

void take_environment(Options& out, const Environment& environment) {
    for (const auto& [name, value] : environment) {
        if (!name.starts_with("PIP_") || value.empty()) continue;
        auto option = ascii_lower(name.substr(4));
        std::ranges::replace(option, '_', '-');
        take(out, option, value, name);
    }
    if (out.index_url.empty()) {
        for (const auto* name : {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}) {
            auto value = value_of(environment, name);
            if (value.empty() || !out.index_url.empty()) continue;
            if (const auto equals = value.find('='); equals != std::string::npos && equals < value.find(':')) value = value.substr(equals + 1);  // "name=url"
            take(out, "index-url", value, name);
        }
    }
    if (out.extra.empty()) {
        for (const auto* name : {"UV_EXTRA_INDEX_URL"}) {
            if (const auto value = value_of(environment, name); !value.empty()) take(out, "extra-index-url", value, name);
        }
    }
}

bool takes_a_value(std::string_view flag) {
    return std::ranges::any_of(std::initializer_list<std::string_view>{"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host",
                                                                       "--cert", "--client-cert", "--proxy"},
                               [&](std::string_view known) { return known == flag; });
}

void take_arguments(Options& out, const std::vector<std::string>& arguments) {
    std::vector<std::string> extra, links;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto equals = arguments[i].starts_with("--") ? arguments[i].find('=') : std::string::npos;
        const auto flag = arguments[i].substr(0, equals);
        if (flag == "--no-index") out.no_index = "1";
        if (!takes_a_value(flag)) continue;
        if (equals == std::string::npos && i + 1 >= arguments.size()) break;
        const auto value = equals == std::string::npos ? arguments[++i] : arguments[i].substr(equals + 1);
        if (flag == "-i" || flag == "--index-url") take(out, "index-url", value, "--index-url");
        else if (flag == "--extra-index-url") extra.push_back(value);
        else if (flag == "-f" || flag == "--find-links") links.push_back(value);
        else if (flag == "--trusted-host") out.trusted.push_back(value);
        else take(out, flag.substr(2), value, flag);
    }
    if (!extra.empty()) out.extra = std::move(extra), out.extra_origin = "--extra-index-url";
    if (!links.empty()) out.find_links = std::move(links);
}

// The index options of one requirements file; pip adds them to what is configured.
void take_requirements(Options& out, std::string_view text, const std::string& origin, const Environment& environment) {
    for (auto line : split_lines(text)) {
        line = trim(line);
        if (!line.starts_with('-')) continue;
        const auto end = line.find_first_of(" =\t");
        if (end == std::string_view::npos) continue;
        const auto flag = line.substr(0, end);
        const auto value = expand_variables(trim(line.substr(end + 1)), environment);
        if (flag == "-i" || flag == "--index-url") take(out, "index-url", value, origin);
        if (flag == "--extra-index-url") out.extra.push_back(value), out.extra_origin = origin;
        if (flag == "-f" || flag == "--find-links") out.find_links.push_back(value);
    }
}

}  // namespace

IndexUrl split_credentials(std::string_view url, std::string origin) {
    IndexUrl out{.url = redact_url(url), .credentials = {}, .origin = std::move(origin)};
    if (!out.url.ends_with('/')) out.url += '/';
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return out;
    const auto authority = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
    const auto at = authority.rfind('@');
    if (at == std::string_view::npos) return out;
    const auto user = authority.substr(0, at);
    const auto colon = user.find(':');
    out.credentials = percent_decode(user.substr(0, colon)) + ":" + (colon == std::string_view::npos ? "" : percent_decode(user.substr(colon + 1)));
    return out;
}

std::map<std::string, std::string> parse_pip_conf(std::string_view text) {
    std::map<std::string, std::string> out;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::string section, option;
    for (const auto raw : split_lines(text)) {
        const auto line = trim(raw);
        if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
        const bool indented = raw.front() == ' ' || raw.front() == '\t';
        if (indented && !option.empty()) {
            out[option].append("\n").append(line);
            continue;
        }
        if (line.starts_with('[') && line.ends_with(']')) {
            section = ascii_lower(trim(line.substr(1, line.size() - 2)));
            option.clear();
            continue;
        }
        const auto equals = line.find_first_of("=:");
        if (equals == std::string_view::npos) continue;
        auto name = ascii_lower(trim(line.substr(0, equals)));
        std::ranges::replace(name, '_', '-');
        option = section + "." + name;
        out[option] = std::string(trim(line.substr(equals + 1)));
    }
    return out;
}

IndexConfig resolve_config(const FileTree& files, const Environment& environment, std::string_view project_root, std::string_view venv,
                           const std::vector<std::string>& arguments, std::string_view default_index) {
    IndexConfig out;
    Options options;
    take_files(options, files, environment, venv, out.warnings);
    take_environment(options, environment);
    if (const auto entries = files.list(project_root)) {
        for (const auto& entry : *entries) {
            if (!entry.name.starts_with("requirements") || !entry.name.ends_with(".txt")) continue;
            if (const auto text = files.read(join(project_root, entry.name), 4U << 20U)) take_requirements(options, *text, entry.name, environment);
        }
    }
    take_arguments(options, arguments);
    out.no_index = truthy(options.no_index);
    out.ca_file = options.cert;
    out.client_cert = options.client_cert;
    out.proxy = options.proxy;
    out.trusted_hosts = std::move(options.trusted);
    out.find_links = std::move(options.find_links);
    if (out.no_index) return out;
    if (!options.index_url.empty()) out.indexes.push_back(split_credentials(options.index_url, options.index_origin));
    else if (!default_index.empty()) out.indexes.push_back(split_credentials(default_index, "default"));
    for (const auto& url : options.extra) {
        auto extra = split_credentials(url, options.extra_origin);
        const bool known = std::ranges::any_of(out.indexes, [&](const IndexUrl& seen) { return seen.url == extra.url; });
        if (!known) out.indexes.push_back(std::move(extra));
    }
    std::erase_if(out.indexes, [&](const IndexUrl& index) {
        const bool usable = index.url.starts_with("https://") || index.url.starts_with("http://");
        if (!usable) out.warnings.push_back("index of " + index.origin + " is no http(s) URL and is not asked: " + index.url);
        return !usable;
    });
    return out;
}

}  // namespace envlock::index
