#include "index/requirements_options.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace envlock::index {
namespace {

using Environment = std::map<std::string, std::string>;

constexpr std::size_t k_most_bytes = 4U << 20U;
constexpr std::size_t k_longest_line = 64U << 10U;  // after expansion
constexpr std::size_t k_most_options = 10'000;
constexpr std::size_t k_most_files = 100;
constexpr int k_deepest = 16;

struct Known {
    std::string_view name;
    bool has_value;
};
// What a line of a requirements file may say; another option ends pip.
constexpr std::array<Known, 22> k_known{{{"index-url", true}, {"pypi-url", true}, {"extra-index-url", true}, {"no-index", false}, {"constraint", true},
                                         {"requirement", true}, {"editable", true}, {"find-links", true}, {"no-binary", true}, {"only-binary", true},
                                         {"prefer-binary", false}, {"require-hashes", false}, {"no-require-hashes", false}, {"pre", false},
                                         {"all-releases", true}, {"only-final", true}, {"trusted-host", true}, {"use-feature", true}, {"hash", true},
                                         {"config-settings", true}, {"config-setting", true}, {"requirements-from-script", true}}};

// The long name as optparse finds it: exact, or the only one that begins so.
const Known* find_long(std::string_view name) {
    const Known* found = nullptr;
    for (const auto& each : k_known) {
        if (each.name == name) return &each;
        if (name.empty() || !each.name.starts_with(name)) continue;
        if (found != nullptr) return nullptr;
        found = &each;
    }
    return found;
}

std::string_view long_of(char letter) {
    switch (letter) {
        case 'i': return "index-url";
        case 'c': return "constraint";
        case 'r': return "requirement";
        case 'e': return "editable";
        case 'f': return "find-links";
        case 'C': return "config-settings";
        default: return {};
    }
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

// A '#' at the beginning or after white space, and all after it.
std::string_view without_comment(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '#' && (i == 0 || is_space(line[i - 1]))) return line.substr(0, i);
    }
    return line;
}

// Lines that end in '\' go on with the next; a comment line never does, but ends one.
std::vector<std::string> logical_lines(std::string_view text) {
    std::vector<std::string> out;
    std::string joined;
    const auto finish = [&] {
        const auto line = trim(without_comment(joined));
        if (!line.empty()) out.emplace_back(line);
        joined.clear();
    };
    for (const auto line : split_lines(text)) {
        const bool comment = trim(line).starts_with('#');
        if (line.ends_with('\\') && !comment) {
            auto part = line;
            while (part.ends_with('\\')) part.remove_suffix(1);
            joined += part;
            continue;
        }
        if (comment) joined += ' ';
        joined += line;
        finish();
    }
    finish();
    return out;
}

bool is_variable_name(std::string_view name) {
    const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && std::ranges::all_of(name, fits);
}

// nullopt: longer than any line should be.
std::optional<std::string> expand_variables(std::string_view text, const Environment& environment) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (out.size() > k_longest_line) return std::nullopt;
        const auto end = text.substr(at).starts_with("${") ? text.find('}', at) : std::string_view::npos;
        const auto name = end == std::string_view::npos ? std::string_view() : text.substr(at + 2, end - at - 2);
        const auto found = is_variable_name(name) && !name.starts_with("ENVLOCK_") ? environment.find(std::string(name)) : environment.end();
        if (found == environment.end() || found->second.empty()) {
            out += text[at++];
            continue;
        }
        out += found->second;
        at = end + 1;
    }
    return out.size() > k_longest_line ? std::nullopt : std::optional(std::move(out));
}

// Words by the rules of a POSIX shell's quoting; nullopt when a quote is not closed.
std::optional<std::vector<std::string>> shell_words(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    bool open = false;
    char quote = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == '\'' || (quote == '"' && c != '\\')) {
            if (c == quote) quote = '\0';
            else word += c;
        } else if (c == '\\') {
            if (i + 1 == text.size()) return std::nullopt;
            const char next = text[++i];
            if (quote == '"' && next != '"' && next != '\\') word += c;
            word += next;
            open = true;
        } else if (c == '"' || c == '\'') {
            quote = c;
            open = true;
        } else if (!is_space(c)) {
            word += c;
            open = true;
        } else if (open) {
            out.push_back(std::exchange(word, {}));
            open = false;
        }
    }
    if (quote != '\0') return std::nullopt;
    if (open) out.push_back(std::move(word));
    return out;
}

// nullopt: an option that pip does not know there, or one without its value.
std::optional<std::vector<RequirementsOption>> line_options(const std::vector<std::string>& words) {
    std::vector<RequirementsOption> out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--") break;
        if (word.size() < 2 || word[0] != '-') continue;
        const bool is_long = word[1] == '-';
        const auto equals = is_long ? word.find('=') : std::string_view::npos;
        const auto* known = find_long(is_long ? word.substr(2, equals - std::min<std::size_t>(equals, 2)) : long_of(word[1]));
        if (known == nullptr) return std::nullopt;
        RequirementsOption option{.name = std::string(known->name == "pypi-url" ? "index-url" : known->name), .value = {}, .folder = {}, .origin = {}};
        if (known->has_value) {
            if (equals != std::string_view::npos) option.value = word.substr(equals + 1);
            else if (!is_long && word.size() > 2) option.value = word.substr(2);
            else if (i + 1 < words.size()) option.value = words[++i];
            else return std::nullopt;
        }
        out.push_back(std::move(option));
    }
    return out;
}

// What pip does with the options of one line: an include alone, or no-index, index, extra indexes and the first links.
void keep(RequirementsOptions& out, const std::vector<RequirementsOption>& line) {
    const auto first = [&](std::string_view name) { return std::ranges::find(line, name, &RequirementsOption::name); };
    if (first("editable") != line.end()) return;
    for (const auto* include : {"requirement", "constraint"}) {
        if (const auto found = first(include); found != line.end()) return out.options.push_back(*found);
    }
    if (const auto found = first("no-index"); found != line.end()) out.options.push_back(*found);
    const auto last_index = std::find_if(line.rbegin(), line.rend(), [](const RequirementsOption& each) { return each.name == "index-url"; });
    if (last_index != line.rend()) out.options.push_back(*last_index);
    for (const auto& each : line) {
        if (each.name == "extra-index-url" || each.name == "trusted-host") out.options.push_back(each);
    }
    if (const auto found = first("find-links"); found != line.end()) out.options.push_back(*found);
}

// PowerShell's ">" writes UTF-16 with a BOM, and pip reads that: only ASCII of it can be an option.
std::string as_ascii_compatible(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) return std::string(text.substr(3));
    const bool little = text.starts_with("\xFF\xFE"), big = text.starts_with("\xFE\xFF");
    if (!little && !big) return std::string(text);
    std::string out;
    for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
        const auto low = static_cast<unsigned char>(text[little ? i : i + 1]), high = static_cast<unsigned char>(text[little ? i + 1 : i]);
        out += high == 0 && low < 0x80 ? static_cast<char>(low) : '?';
    }
    return out;
}

class Reader {
public:
    Reader(const FileTree& files, std::string_view root, const Environment& environment) : m_files(files), m_root(root), m_environment(environment) {}

    void read(const std::string& path, int depth) {
        const auto shown = below(m_root, path).value_or(path);
        if (!m_seen.insert(path).second) return;  // pip ends at a cycle; twice the same says nothing new
        if (depth > k_deepest || m_seen.size() > k_most_files) return warn(shown + ": included too deep or too often; not read");
        const auto text = m_files.read(path, k_most_bytes);
        if (!text) return warn(to_line({text.error().code, shown, text.error().detail}));
        auto seen = parse_requirements_options(*text, m_environment);
        for (auto& warning : seen.warnings) warn(shown + ": " + warning);
        const std::string folder(parent_path(path));
        for (auto& option : seen.options) {
            if (out.options.size() >= k_most_options) return;
            if (option.name == "requirement" || option.name == "constraint") {
                include(option.value, folder, depth, shown);
                continue;
            }
            option.folder = folder;
            option.origin = shown;
            out.options.push_back(std::move(option));
        }
    }

    RequirementsOptions out;

private:
    void include(const std::string& value, const std::string& folder, int depth, const std::string& from) {
        const auto scheme = ascii_lower(std::string_view(value).substr(0, 6));
        if (scheme == "https:" || scheme.starts_with("http:") || scheme.starts_with("file:")) {
            return warn(from + " includes a URL, which is not read: " + redact_url(value));
        }
        if (value.empty() || value.find('\0') != std::string::npos) return;
        read(resolve_lexically(folder, value), depth + 1);
    }
    void warn(std::string text) {
        if (out.warnings.size() < k_most_files) out.warnings.push_back(std::move(text));
    }

    const FileTree& m_files;
    std::string_view m_root;
    const Environment& m_environment;
    std::set<std::string> m_seen;
};

}  // namespace

RequirementsOptions parse_requirements_options(std::string_view text, const Environment& environment) {
    RequirementsOptions out;
    const auto readable = as_ascii_compatible(text);
    for (const auto& line : logical_lines(readable)) {
        if (out.options.size() >= k_most_options) break;
        const auto warn = [&](const char* why) {
            // Not the line itself: a credential may stand in it.
            if (out.warnings.size() < 10) out.warnings.emplace_back(why);
        };
        if (line.size() > k_longest_line) {
            if (line.starts_with('-')) warn("a line of options is too long and does not count");
            continue;
        }
        const auto expanded = expand_variables(line, environment);
        if (!expanded) {
            warn("a line is too long with its variables and does not count");
            continue;
        }
        if (!expanded->starts_with('-')) continue;  // a requirement
        const auto words = shell_words(*expanded);
        const auto options = words ? line_options(*words) : std::nullopt;
        if (options) keep(out, *options);
        else warn("a line of options that pip would refuse does not count");
    }
    return out;
}

RequirementsOptions read_requirements_options(const FileTree& files, const std::string& path, std::string_view project_root, const Environment& environment) {
    Reader reader(files, project_root, environment);
    reader.read(path, 0);
    return std::move(reader.out);
}

std::vector<RequirementsOptions> project_requirements(const FileTree& files, std::string_view project_root, const Environment& environment) {
    std::vector<RequirementsOptions> out;
    const auto entries = files.list(project_root);
    if (!entries) return out;
    for (const auto& entry : *entries) {
        if (out.size() == k_most_files) break;
        if (!entry.name.starts_with("requirements") || !(entry.name.ends_with(".txt") || entry.name.ends_with(".in"))) continue;
        out.push_back(read_requirements_options(files, join(project_root, entry.name), project_root, environment));
    }
    return out;
}

}  // namespace envlock::index
