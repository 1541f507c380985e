#include "layers/python/integrity.hpp"

#include "layers/python/canonical_row.hpp"
#include "layers/python/startup.hpp"
#include "layers/python/wheel_script.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <unordered_map>

namespace envlock::python {
namespace {

constexpr std::size_t k_most_notes = 50;
constexpr std::size_t k_largest_script = 1U << 20U;

// A row that has to be looked at: request i of the batch belongs to wanted row i.
struct Wanted {
    std::size_t distribution = 0;
    const RecordRow* row = nullptr;
    PlacedRow placed;
};

// Notes of one distribution, capped.
class Notes {
public:
    explicit Notes(std::string key) : m_key(std::move(key)) {}
    void add(std::string rule, std::string_view subject, std::string detail) {
        if (m_notes.size() < k_most_notes) m_notes.push_back({std::move(rule), m_key, escape_controls(subject), std::move(detail)});
        else ++m_more;
    }
    void flush(std::vector<Note>& out) {
        if (m_more > 0) m_notes.push_back({m_notes.back().rule, m_key, "", "and " + std::to_string(m_more) + " more"});
        out.insert(out.end(), m_notes.begin(), m_notes.end());
    }

private:
    std::string m_key;
    std::vector<Note> m_notes;
    std::size_t m_more = 0;
};

// A file that RECORD gives as 1 kB is not read when it is a terabyte of zeros.
std::int64_t size_cap(const RecordRow& row) {
    constexpr std::int64_t k_always = 64LL << 20, k_never = 16LL << 30;
    if (!row.size) return k_never;
    return std::clamp(*row.size > k_never / 2 ? k_never : *row.size * 2, k_always, k_never);
}

class Checker {
public:
    Checker(const ProbeContext& context, std::span<Distribution> distributions) : m_context(context), m_distributions(distributions) {
        for (auto& each : distributions) {
            m_notes.emplace_back(each.component.key);
            m_lines.emplace_back();
            if (each.has_record) each.component.files = FileIntegrity{};
        }
    }

    void sort_rows() {
        for (std::size_t i = 0; i < m_distributions.size(); ++i) sort_rows_of(i);
    }

    void check() {
        const auto freshness = m_context.level == Level::full ? Freshness::full : Freshness::cached;
        std::vector<HashRequest> requests;
        requests.reserve(m_wanted.size());
        for (const auto& wanted : m_wanted) requests.push_back({wanted.placed.path, wanted.row->algorithm, size_cap(*wanted.row)});
        const auto outcomes = m_context.hasher.hash(requests, freshness);
        for (std::size_t i = 0; i < m_wanted.size() && i < outcomes.size(); ++i) judge(m_wanted[i], outcomes[i]);
        for (std::size_t i = 0; i < m_distributions.size(); ++i) seal(i);
    }

    void flush(std::vector<Note>& out) {
        for (auto& notes : m_notes) notes.flush(out);
    }

private:
    void sort_rows_of(std::size_t index) {
        auto& distribution = m_distributions[index];
        if (!distribution.has_record) return;
        auto& files = *distribution.component.files;
        std::unordered_map<std::string, const RecordRow*> seen;
        bool contradiction = false;
        for (const auto& row : distribution.rows) {
            auto placed = place_row(distribution, row.path);
            if (row.state == RecordState::malformed) ++files.malformed;
            else if (row.state == RecordState::unsupported) ++files.unsupported;
            else if (placed.kind == RowKind::escape) escape(index, row);
            else if (placed.kind == RowKind::bytecode) ++files.unhashed;  // NOLINT(bugprone-branch-clone): a wheel's and the installer's row for one file are normal
            else if (const auto [at, fresh] = seen.emplace(placed.path, &row); !fresh) {
                ++files.duplicate;
                contradiction = contradiction || at->second->digest != row.digest;
            } else if (row.state == RecordState::unhashed) ++files.unhashed;
            else if (m_context.level != Level::metadata) m_wanted.push_back({index, &row, std::move(placed)});
            if (row.state == RecordState::malformed || row.state == RecordState::unsupported) line(index, row.path, "unusable row");
        }
        if (files.malformed + files.duplicate + files.unsupported == 0) return;
        m_notes[index].add("PY013", "RECORD",
                           std::to_string(files.malformed) + " malformed, " + std::to_string(files.duplicate) + " duplicate, " +
                               std::to_string(files.unsupported) + " unsupported rows" + (contradiction ? "; duplicates contradict each other" : ""));
    }

    void escape(std::size_t index, const RecordRow& row) {
        ++m_distributions[index].component.files->escape;
        line(index, row.path, "escape");
        m_notes[index].add("PY012", row.path, "outside the environment, not opened");
    }

    void judge(const Wanted& wanted, const HashOutcome& outcome) {
        auto& files = *m_distributions[wanted.distribution].component.files;
        const auto& row = *wanted.row;
        if (outcome.via_symlink) m_distributions[wanted.distribution].component.facts["linkMode"] = std::string("symlink");
        switch (outcome.state) {
            case HashState::hashed: return compare(wanted, outcome);
            case HashState::missing:
                ++files.missing;
                m_notes[wanted.distribution].add("PY011", row.path, "expected " + row.algorithm + " " + to_hex(row.digest));
                return line(wanted.distribution, wanted.placed.canonical, "missing");
            case HashState::too_large:
                ++files.modified;
                m_notes[wanted.distribution].add("PY010", row.path, "far larger than RECORD says: " + std::to_string(outcome.info.size) + " bytes, not read");
                return line(wanted.distribution, wanted.placed.canonical, "too large");
            case HashState::unsupported:
                ++files.unsupported;
                return line(wanted.distribution, wanted.placed.canonical, "unsupported");
            case HashState::not_regular: return unreadable(wanted, "no regular file, not read");
            case HashState::unstable: return unreadable(wanted, "changed while it was read");
            case HashState::unreadable: return unreadable(wanted, "cannot be read");
        }
    }

    void unreadable(const Wanted& wanted, const std::string& why) {
        ++m_distributions[wanted.distribution].component.files->unreadable;
        m_notes[wanted.distribution].add("", wanted.row->path, why);
        line(wanted.distribution, wanted.placed.canonical, "unreadable");
    }

    void compare(const Wanted& wanted, const HashOutcome& outcome) {
        auto& files = *m_distributions[wanted.distribution].component.files;
        const auto& row = *wanted.row;
        files.bytes += static_cast<std::int64_t>(outcome.info.size);
        const bool shebang_matters = wanted.placed.canonical.starts_with("bin/") && wanted.placed.kind != RowKind::content;
        bool same = outcome.digest == row.digest;
        std::string content = outcome.digest;
        if (shebang_matters && (!same || wanted.placed.kind == RowKind::script)) {
            const auto text = m_context.files.read(wanted.placed.path, k_largest_script);
            const auto original = text ? with_wheel_shebang(*text) : std::nullopt;
            const auto restored = original ? digest_of(row.algorithm, *original) : content;
            // Some installers rewrite the first line and leave the wheel's hash in RECORD.
            same = same || (restored == row.digest && starts_own_python(wanted, *text));
            if (same) content = restored;
        }
        if (same) ++files.ok;
        else modified(wanted, outcome);
        if (same && wanted.placed.kind == RowKind::generated) return;
        const bool secret = !same && outcome.via_symlink && leaves_prefix(wanted);
        line(wanted.distribution, wanted.placed.canonical, secret ? "elsewhere" : row.algorithm + ":" + to_hex(content));
    }

    void modified(const Wanted& wanted, const HashOutcome& outcome) {
        const auto& row = *wanted.row;
        auto& distribution = m_distributions[wanted.distribution];
        ++distribution.component.files->modified;
        if (distribution.modified.size() < k_most_notes) distribution.modified.push_back({row.path, wanted.placed.path});
        auto detail = "expected " + row.algorithm + " " + to_hex(row.digest) + ", found ";
        // The hash of a file that is none of the environment's business is not written down.
        if (outcome.via_symlink && leaves_prefix(wanted)) detail += "other content through a link that leaves the environment";
        else detail += to_hex(outcome.digest);
        if (outcome.info.links > 1) detail += "; hard-linked " + std::to_string(outcome.info.links) + " times (an installer's cache and other environments may share it)";
        m_notes[wanted.distribution].add("PY010", row.path, std::move(detail));
    }

    // True when the script's first line names a Python of this environment, not just any program.
    bool starts_own_python(const Wanted& wanted, const std::string& text) const {
        const auto interpreter = interpreter_of(text);
        if (!file_name(interpreter).starts_with("py")) return false;
        const auto& prefix = m_distributions[wanted.distribution].site.prefix;
        const auto real = m_context.files.real_path(prefix);
        return below(join(prefix, "bin"), interpreter) || (real && below(join(*real, "bin"), interpreter));
    }

    bool leaves_prefix(const Wanted& wanted) const {
        const auto& site = m_distributions[wanted.distribution].site;
        const auto real = m_context.files.real_path(wanted.placed.path);
        const auto prefix = m_context.files.real_path(site.prefix);
        const auto real_site = m_context.files.real_path(site.path);
        if (!real || !prefix || !real_site) return true;
        return !below(*prefix, *real) && !below(*real_site, *real);
    }

    void line(std::size_t index, std::string_view path, std::string_view content) {
        m_lines[index].push_back(std::string(path) + '\0' + std::string(content) + '\n');
    }

    void seal(std::size_t index) {
        auto& component = m_distributions[index].component;
        auto& lines = m_lines[index];
        if (!component.files) return;
        std::ranges::sort(lines);
        std::string text;
        for (const auto& each : lines) text += each;
        component.files->digest = sha256_tagged(text);
        std::vector<std::string>().swap(lines);
    }

    const ProbeContext& m_context;
    std::span<Distribution> m_distributions;
    std::vector<Notes> m_notes;
    std::vector<std::vector<std::string>> m_lines;  // "canonical path NUL content"
    std::vector<Wanted> m_wanted;
};

}  // namespace

void check_files(const ProbeContext& context, std::span<Distribution> distributions, std::vector<Note>& notes) {
    for (auto& each : distributions) {
        if (each.has_record) each.component.digests["record"] = record_digest(each);
    }
    Checker checker(context, distributions);
    checker.sort_rows();
    if (context.level != Level::metadata) checker.check();
    checker.flush(notes);
    for (auto& each : distributions) {
        std::erase_if(each.rows, [](const RecordRow& row) { return !is_startup_file(row.path); });
        each.rows.shrink_to_fit();
    }
}

}  // namespace envlock::python
