// requirements*.txt as pip reads them. Variables (${NAME}) are left as they are: their values are
// the reader's secrets, not the lock's.
#include "pylock/reading.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/pylock/requirement.hpp>
#include <envlock/version/name.hpp>
#include <envlock/version/wheel.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace envlock::pylock {
namespace {

constexpr std::size_t k_most_files = 64;
constexpr std::size_t k_deepest = 16;

bool is_space(char c) { return c == ' ' || c == '\t'; }

// A '#' is a comment at the start of a line or behind white space.
std::size_t comment_start(std::string_view line) {
    for (auto at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
        if (at == 0 || is_space(line[at - 1])) return at;
    }
    return line.size();
}

// Lines as pip joins them: a backslash at the end continues, except behind a comment.
std::vector<std::string> logical_lines(std::string_view text) {
    std::vector<std::string> out;
    std::string open;
    bool continued = false;
    for (const auto line : split_lines(text)) {
        const bool comment = trim(line).starts_with('#');
        if (continued) open += comment ? " " : "";
        if (!comment && line.ends_with('\\')) {
            open += line.substr(0, line.size() - 1);
            continued = true;
            continue;
        }
        open += line;
        out.push_back(std::move(open));
        open.clear();
        continued = false;
    }
    if (continued) out.push_back(std::move(open));
    for (auto& line : out) line = trim(std::string_view(line).substr(0, comment_start(line)));
    std::erase(out, "");
    return out;
}

std::vector<std::string_view> words(std::string_view line) {
    std::vector<std::string_view> out;
    while (!(line = trim(line)).empty()) {
        const auto* const end = std::ranges::find_if(line, is_space);
        out.push_back(line.substr(0, static_cast<std::size_t>(end - line.begin())));
        line.remove_prefix(out.back().size());
    }
    return out;
}

// The value of an option at the start of a line: "-r x", "-rx", "--requirement=x", "--requirement x".
std::optional<std::string> option(std::string_view line, std::string_view brief, std::string_view full) {
    for (const auto name : {full, brief}) {
        if (!line.starts_with(name)) continue;
        auto rest = line.substr(name.size());
        if (name == full && !rest.empty() && rest.front() != '=' && !is_space(rest.front())) continue;
        if (name == full && rest.starts_with('=')) rest.remove_prefix(1);
        return std::string(trim(rest));
    }
    return std::nullopt;
}

std::string egg_name(std::string_view url) {
    const auto hash = url.find('#');
    for (const auto part : split(hash == std::string_view::npos ? std::string_view() : url.substr(hash + 1), '&')) {
        if (!part.starts_with("egg=")) continue;
        const auto name = part.substr(4, part.find('[') == std::string_view::npos ? part.size() : part.find('[') - 4);
        if (is_valid_name(name)) return normalize_name(name);
    }
    return {};
}

bool is_place(std::string_view word) {
    return word.starts_with('.') || word.starts_with('/') || word.starts_with("file:") || word.find("://") != std::string_view::npos || word.ends_with(".whl");
}

class Reader {
public:
    Reader(ProjectLock& lock, const ReadFile& read) : m_lock(lock), m_read(read) {}

    void file(std::string_view text, const std::string& path, bool constraint, std::size_t depth) {  // NOLINT(misc-no-recursion): at most 16 deep
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        for (const auto& line : logical_lines(to_utf8(text))) {
            if (auto other = option(line, "-r", "--requirement")) include(*other, path, constraint, depth);
            else if (auto limits = option(line, "-c", "--constraint")) include(*limits, path, true, depth);
            else if (auto place = option(line, "-e", "--editable")) editable(*place, path, constraint);
            else if (line == "--require-hashes") m_hash_mode = true;
            else if (!line.starts_with('-')) requirement(line, path, constraint);
        }
    }

    // One hash anywhere turns pip's hash mode on for all: then the file must name everything.
    void finish() {
        m_lock.complete = m_hash_mode;
        if (!m_hash_mode) return;
        for (const auto& name : m_unpinned) warn(m_lock, name + ": not pinned, which hash mode refuses");
        for (const auto& package : m_lock.packages) {
            if (package.source == SourceKind::vcs || package.source == SourceKind::editable) warn(m_lock, package.name + ": a source tree, which hash mode refuses");
        }
    }

    Result<void> problem() const { return m_problem ? Result<void>(tl::make_unexpected(*m_problem)) : Result<void>(); }

private:
    void include(std::string_view name, const std::string& from, bool constraint, std::size_t depth) {  // NOLINT(misc-no-recursion)
        auto path = inside_project(parent_path(from), name);
        if (!path || name.find("://") != std::string_view::npos) return warn(m_lock, "not read, it lies outside the project: " + clean(redact_url(name)));
        if (!m_seen.insert(*path).second || *path == m_lock.path) return;  // a file that includes itself adds nothing
        if (depth >= k_deepest || m_seen.size() > k_most_files) return warn(m_lock, "not read, too many files include each other: " + clean(*path));
        const auto text = m_read(*path);
        if (!text) return warn(m_lock, to_line(text.error()));
        if (text->size() > m_left) return warn(m_lock, "not read, the files are too large together: " + clean(*path));
        m_left -= text->size();
        file(*text, *path, constraint, depth + 1);
    }

    // What stands in front of the options, and the hashes among them.
    void requirement(std::string_view line, const std::string& path, bool constraint) {
        std::string front;
        LockedFile hashes;
        std::vector<LockedFile> files;
        const auto add = [&](std::string_view tagged) {
            LockedFile file;
            if (!add_hash(file, tagged)) return warn(m_lock, "a hash that cannot be read: " + clean(tagged));
            m_hash_mode = true;
            const auto& algorithm = file.hashes.begin()->first;
            if (algorithm == "md5" || algorithm == "sha1" || algorithm == "sha224") return warn(m_lock, "a weak hash, which pip refuses: " + algorithm);
            files.push_back(std::move(file));
        };
        const auto parts = words(line);
        std::size_t at = 0;
        for (; at < parts.size() && !parts[at].starts_with('-'); ++at) front.append(front.empty() ? "" : " ").append(parts[at]);
        for (; at < parts.size(); ++at) {
            if (parts[at].starts_with("--hash=")) add(parts[at].substr(7));
            else if (parts[at] == "--hash" && at + 1 < parts.size()) add(parts[++at]);
        }
        auto package = read_front(front, path);
        if (!package) return;
        if (constraint) package->wanted = Wanted::optional;
        for (auto& file : files) package->files.push_back(std::move(file));
        keep(*std::move(package));
    }

    std::optional<LockedPackage> read_front(std::string_view front, const std::string& path) {
        const auto first = front.substr(0, std::min(front.find(';'), front.size()));
        if (is_place(words(first).empty() ? std::string_view() : words(first).front()) && first.find(" @ ") == std::string_view::npos) {
            return from_place(first, "", marker_behind(front), path);
        }
        const auto parsed = parse_requirement(front);
        if (!parsed) {
            warn(m_lock, "not understood: " + clean(redact_urls_in(front)));
            return std::nullopt;
        }
        if (!parsed->url.empty()) return from_place(parsed->url, parsed->name, parsed->marker, path);
        auto version = pinned_version(parsed->specifier);
        if (version.empty()) {
            m_unpinned.push_back(parsed->name);
            return std::nullopt;
        }
        return start(parsed->name, version, parsed->marker);
    }

    static std::string marker_behind(std::string_view front) {
        const auto at = front.find(';');
        return at == std::string_view::npos ? std::string() : std::string(trim(front.substr(at + 1)));
    }

    std::optional<LockedPackage> start(std::string_view name, std::string_view version, std::string_view marker) {
        auto package = start_package(m_lock, name, version);
        if (!package) {
            if (!m_problem) m_problem = package.error();
            return std::nullopt;
        }
        package->exact = false;
        package->marker = escape_controls(marker);
        return *std::move(package);
    }

    // A URL or path, with a name in front of it or without one.
    std::optional<LockedPackage> from_place(std::string_view place, std::string name, std::string_view marker, const std::string& path) {
        place = trim(place);
        const auto filename = last_part(place);
        const auto wheel = parse_wheel_name(filename);
        if (name.empty()) name = wheel ? wheel->name : egg_name(place);
        if (name.empty()) {
            warn(m_lock, "without a name, so not compared: " + clean(redact_url(place)));
            return std::nullopt;
        }
        auto package = start(name, wheel ? wheel->version : "", marker);
        if (!package) return std::nullopt;
        const bool remote = place.find("://") != std::string_view::npos;
        package->origin = remote || place.starts_with("file:") ? clean(redact_url(place.substr(0, place.find('#')))) : local_origin(m_lock, name, local_path(place, path));
        if (place.starts_with("git+") || place.starts_with("hg+") || place.starts_with("svn+") || place.starts_with("bzr+")) {
            package->source = SourceKind::vcs;
            split_revision(*package);
            return package;
        }
        const bool file = wheel || sdist_stem(filename);
        package->source = file ? SourceKind::archive : SourceKind::path;
        if (file) add_fragment_hash(*package, place, filename);
        return package;
    }

    // local_origin starts from the first file's folder; an included file has its own.
    static std::string local_path(std::string_view place, const std::string& path) {
        place = place.substr(0, place.find('#'));
        return std::string(place.starts_with('/') ? place : std::string_view(join(parent_path(path), place)));
    }

    static void split_revision(LockedPackage& package) {
        const auto slash = package.origin.rfind('/');
        const auto mark = package.origin.rfind('@');
        if (mark == std::string::npos || slash == std::string::npos || mark < slash) return;
        package.commit = package.origin.substr(mark + 1);
        package.origin.resize(mark);
    }

    void add_fragment_hash(LockedPackage& package, std::string_view place, const std::string& filename) {
        LockedFile file{.filename = filename, .url = package.origin};
        const auto mark = place.find('#');
        for (const auto part : split(mark == std::string_view::npos ? std::string_view() : place.substr(mark + 1), '&')) add_hash(file, part);
        package.files.push_back(std::move(file));
    }

    void editable(std::string_view place, const std::string& path, bool constraint) {
        const auto marker = marker_behind(place);
        place = trim(place.substr(0, std::min(place.find(';'), place.size())));
        auto package = from_place(place, "", marker, path);
        if (!package) return;
        if (package->source == SourceKind::path) package->source = SourceKind::editable;
        if (constraint) package->wanted = Wanted::optional;
        keep(*std::move(package));
    }

    void keep(LockedPackage package) { m_lock.packages.push_back(std::move(package)); }

    ProjectLock& m_lock;
    const ReadFile& m_read;
    std::set<std::string> m_seen;
    std::size_t m_left = k_most_bytes;  // for all files that are included
    std::vector<std::string> m_unpinned;
    std::optional<Error> m_problem;
    bool m_hash_mode = false;
};

}  // namespace

Result<void> read_requirements(std::string_view text, ProjectLock& lock, const ReadFile& read) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return malformed(lock, "it is UTF-16; write it as UTF-8");
    Reader reader(lock, read);
    reader.file(text, lock.path, false, 0);
    reader.finish();
    return reader.problem();
}

}  // namespace envlock::pylock
