#include <envlock/diff/compare.hpp>

#include "diff/classify.hpp"
#include "diff/judge.hpp"
#include "diff/requested_by.hpp"
#include "diff/upstream.hpp"

#include <envlock/diff/metric.hpp>
#include <envlock/diff/rules.hpp>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace envlock {
namespace {

// What a command line in a fix can name: the version, where there is one.
std::string version_or(const std::optional<Component>& component, const std::string& text) {
    return component && !component->version.empty() ? component->version : text;
}

using namespace diff_detail;

constexpr std::size_t k_details = 20;

const LayerSnapshot* layer_of(const Manifest& manifest, std::string_view id) {
    const auto found = std::ranges::find(manifest.layers, id, &LayerSnapshot::layer);
    return found == manifest.layers.end() ? nullptr : &*found;
}

bool was_seen(const LayerSnapshot* layer) { return layer && layer->presence != Presence::unobservable; }

// What the files of a distribution say about it belongs to the finding about that distribution.
bool is_file_note(const Note& note) { return note.rule == "PY010" || note.rule == "PY011" || note.rule == "PY012" || note.rule == "PY013"; }

std::string note_text(const Note& note) { return note.subject + (note.subject.empty() || note.detail.empty() ? "" : ": ") + note.detail; }

class Comparison {
public:
    explicit Comparison(const CompareInput& input) : m_in(input), m_requesters(layer_of(input.after, "python"), layer_of(input.before, "python")) {}

    Report run() {
        start();
        std::vector<std::string> ids;
        for (const auto* side : {&m_in.before, &m_in.after}) {
            for (const auto& layer : side->layers) {
                if (std::ranges::find(ids, layer.layer) == ids.end()) ids.push_back(layer.layer);
            }
        }
        for (const auto& id : ids) {
            if (!m_in.skipped_layers.contains(id)) compare_layer(id);
        }
        for (const auto& id : m_in.policy.required_layers) {
            if (!m_in.skipped_layers.contains(id) && std::ranges::find(ids, id) == ids.end()) blind(id, "", "required by the policy and on neither side", 0, true);
        }
        compare_locks();
        fold_native();
        finish();
        return std::move(m_out);
    }

private:
    void start() {
        m_out.policy_digest = m_in.policy.digest;
        m_out.before_name = m_in.before_name;
        m_out.after_name = m_in.after_name;
        m_out.before_digest = environment_digest(m_in.before.layers);
        m_out.after_digest = environment_digest(m_in.after.layers);
        m_out.divergence = m_in.after_live ? m_in.after.divergence : m_in.before.divergence;
    }

    bool is_required(std::string_view layer) const {
        return std::ranges::any_of(m_in.policy.required_layers, [&](const std::string& id) { return id == layer; });
    }

    void blind(const std::string& layer, const std::string& key, std::string why, std::int64_t points, bool needed) {
        m_out.unobserved.push_back({.layer = layer, .component = key, .why = std::move(why), .weight = points});
        m_blind = m_blind || needed;
        if (key.empty() && is_required(layer)) m_out.warnings.push_back("POL001 required layer could not be observed: " + layer);
    }

    void blind_layer(const std::string& id, const LayerSnapshot* before, const LayerSnapshot* after, std::string why, bool needed) {
        LayerDrift row{.id = id, .equal = false};
        std::int64_t points = 0;
        for (const auto* side : {before, after}) {
            if (!was_seen(side)) continue;
            for (const auto& c : side->components) points += weight(id, c.key, c.kind, m_in.policy);
            row.total += std::ssize(side->components);
        }
        row.unknown = row.total;
        m_out.layers.push_back(row);
        blind(id, "", std::move(why), points, needed);
    }

    void compare_layer(const std::string& id) {
        const auto* before = layer_of(m_in.before, id);
        const auto* after = layer_of(m_in.after, id);
        const bool required = is_required(id);
        if (!was_seen(after)) {
            auto why = std::string(after ? "could not be observed in " : "was not captured in ") + m_in.after_name;
            if (after && !after->notes.empty()) why += ": " + note_text(after->notes.front());
            const bool lost = was_seen(before) && before->presence == Presence::present;
            return blind_layer(id, before, after, std::move(why), required || lost);
        }
        if (!was_seen(before)) {
            return blind_layer(id, before, after, std::string(before ? "could not be observed in " : "was not captured in ") + m_in.before_name, required);
        }
        // A machine without a GPU says nothing about the GPU stack; a policy that requires the layer wants to hear of it.
        if (id == "cuda" && !required && before->presence == Presence::present && after->presence == Presence::absent) {
            return blind_layer(id, before, nullptr, "not comparable: " + m_in.after_name + " has no GPU stack", true);
        }
        walk(*before, *after);
    }

    // Both sides are sorted by key: one pass.
    void walk(const LayerSnapshot& before, const LayerSnapshot& after) {
        LayerDrift row{.id = before.layer};
        auto a = before.components.begin(), b = after.components.begin();
        m_changed.clear();
        while (a != before.components.end() || b != after.components.end()) {
            const bool left = b == after.components.end() || (a != before.components.end() && a->key <= b->key);
            const bool right = a == before.components.end() || (b != after.components.end() && b->key <= a->key);
            const auto* x = left ? &*a++ : nullptr;
            const auto* y = right ? &*b++ : nullptr;
            if (x && y && x->kind != y->kind) {
                pair(row, after, x, nullptr);
                pair(row, after, nullptr, y);
            } else {
                pair(row, before, after, x, y);
            }
        }
        new_notes(before, after);
        row.score = envlock::score(row.points);
        row.equal = row.points == 0 && row.unknown == 0 && row.added + row.removed + row.changed == 0;
        m_out.layers.push_back(row);
    }

    void pair(LayerDrift& row, const LayerSnapshot& after, const Component* x, const Component* y) { pair(row, after, after, x, y); }

    void pair(LayerDrift& row, const LayerSnapshot& before, const LayerSnapshot& after, const Component* x, const Component* y) {
        ++row.total;
        const auto& any = y ? *y : *x;
        if ((x && x->unknown) || (y && y->unknown)) {
            ++row.unknown;
            const bool lost = x && !x->unknown;
            m_changed.insert(any.key);
            return blind(row.id, any.key, "could not be observed in " + (y && y->unknown ? m_in.after_name : m_in.before_name),
                         weight(row.id, any.key, any.kind, m_in.policy), lost || is_required(row.id));
        }
        if (x && y) say_publisher(row.id, *x, *y);
        const auto apart = distance(x, y);
        if (apart.delta == 0) {
            ++row.identical;
            return;
        }
        ++(x ? (y ? row.changed : row.removed) : row.added);
        m_changed.insert(any.key);
        auto f = finding(row.id, x, y, apart);
        add_details(f, before, after);
        row.points += f.points;
        m_out.findings.push_back(std::move(f));
    }

    // Another publisher of the same project is no distance: the versions say how far it moved.
    void say_publisher(const std::string& layer, const Component& x, const Component& y) {
        const auto change = publisher_change(x, y);
        if (change.before == change.after) return;
        Finding f{.rule = "PY037", .severity = severity_of("PY037"), .layer = layer, .component = y.key};
        f.before = x, f.after = y;
        f.before_text = change.before, f.after_text = change.after;
        f.level = "publisher";
        f.direction = "changed";
        describe(f);
        m_out.findings.push_back(std::move(f));
    }

    Finding finding(const std::string& layer, const Component* x, const Component* y, const Distance& apart) {
        const auto& any = y ? *y : *x;
        const auto verdict = classify(layer, x, y, apart, m_in.policy);
        Finding f{.rule = verdict.rule, .severity = verdict.severity, .layer = layer, .component = any.key};
        if (x) f.before = *x, f.before_text = shown(*x, apart);
        if (y) f.after = *y, f.after_text = shown(*y, apart);
        f.level = apart.level;
        f.direction = direction(x, y, apart);
        f.points = contribution(layer, x, y, m_in.policy);
        if (layer == "python") f.affected = m_requesters.chain(base_key(any.key), m_in.policy.direct);
        describe(f);
        add_lock_words(f, x, "lock ↔ manifest");
        add_lock_words(f, y, "lock ↔ environment");
        return f;
    }

    // What the project's locks say of a side, so that the reader sees which of three moved.
    static void add_lock_words(Finding& f, const Component* side, std::string_view pair) {
        if (!side) return;
        const auto fact = side->facts.find("lock");
        const auto* words = fact == side->facts.end() ? nullptr : std::get_if<std::vector<std::string>>(&fact->second);
        if (!words) return;
        for (const auto& each : *words) {
            if (f.details.size() < k_details) f.details.push_back(std::string(pair) + ": " + each);
        }
    }

    void describe(Finding& f) const {
        if (const auto* rule = find_rule(f.rule)) {
            f.title = std::string(rule->title);
            f.fix = fill_in(rule->fix, f.component, version_or(f.before, f.before_text), version_or(f.after, f.after_text));
        }
        if (const auto own = m_in.policy.severities.find(f.rule); own != m_in.policy.severities.end()) f.severity = own->second;
        f.location.file = m_in.before_file;
        const auto line = m_in.before_lines.find(f.layer + "/" + f.component);
        if (line != m_in.before_lines.end()) f.location.line = line->second;
    }

    Severity severity_of(const std::string& rule) const {
        if (const auto own = m_in.policy.severities.find(rule); own != m_in.policy.severities.end()) return own->second;
        const auto* row = find_rule(rule);
        return row ? row->severity : Severity::low;
    }

    // The notes about the files of a changed distribution explain the change. They can make it
    // worse, never better.
    void add_details(Finding& f, const LayerSnapshot& before, const LayerSnapshot& after) const {
        std::size_t more = 0;
        for (const bool only_new : {true, false}) {
            for (const auto& note : after.notes) {
                if (note.component != f.component || !is_file_note(note) || !f.after) continue;
                const bool fresh = !has_note(before, note);
                if (only_new && !fresh) continue;
                if (fresh) f.severity = std::max(f.severity, severity_of(note.rule));
                if (f.details.size() < k_details) f.details.push_back(note.rule + " " + note_text(note));
                else ++more;
            }
            if (!f.details.empty()) break;
        }
        if (more > 0) f.details.push_back("… and " + std::to_string(more) + " more");
    }

    void new_notes(const LayerSnapshot& before, const LayerSnapshot& after) {
        const bool upstream = !m_in.after_live && asked_index(before) && asked_index(after);
        for (const auto& note : after.notes) {
            if (note.rule.empty() || has_note(before, note) || (is_upstream_note(note) && !upstream)) continue;
            if (is_file_note(note) && m_changed.contains(note.component)) continue;
            Finding f{.rule = note.rule, .severity = severity_of(note.rule), .layer = after.layer, .component = note.component};
            f.after_text = note_text(note);
            f.level = "note";
            f.direction = "changed";
            describe(f);
            if (f.title.empty()) f.title = "new remark";
            m_out.findings.push_back(std::move(f));
        }
    }

    // lock ↔ manifest: the files that both sides are bound to. A side without subjects does not say.
    void compare_locks() {
        if (m_in.before.subjects.empty() || m_in.after.subjects.empty()) return;
        const auto digest = [](const Manifest& side, const std::string& name) {
            const auto found = std::ranges::find(side.subjects, name, &Subject::name);
            return found == side.subjects.end() ? std::string() : found->sha256;
        };
        for (const auto& name : m_in.lock_files) {
            const auto before = digest(m_in.before, name), after = digest(m_in.after, name);
            if (before == after) continue;
            Finding f{.rule = "PY046", .severity = severity_of("PY046"), .layer = "python", .component = name};
            if (!before.empty()) f.before_text = "sha256:" + before.substr(0, 12);
            if (!after.empty()) f.after_text = "sha256:" + after.substr(0, 12);
            f.level = "note";
            f.direction = before.empty() ? "added" : after.empty() ? "removed" : "changed";
            describe(f);
            f.details.emplace_back("lock ↔ manifest: sha256 differs");
            m_out.findings.push_back(std::move(f));
        }
    }

    // The native side of a distribution that moved says nothing new: it keeps its points, and
    // does not stand beside the cause as a second alarm.
    void fold_native() {
        std::set<std::string> moved;
        for (const auto& f : m_out.findings) {
            if (f.layer == "python" && f.level != "note") moved.insert(f.component);
        }
        for (auto& f : m_out.findings) {
            if (f.layer == "native" && f.level != "note" && moved.contains(f.component)) f.severity = Severity::info;
        }
    }

    void finish() {
        for (const auto& row : m_out.layers) m_out.points += row.points;
        share();
        std::int64_t open = 0;
        for (const auto& item : m_out.unobserved) open += item.weight;
        m_out.complete = m_out.unobserved.empty();
        m_out.score = envlock::score(m_out.points);
        m_out.score_high = envlock::score(m_out.points + open);
        std::ranges::stable_sort(m_out.findings, [](const Finding& a, const Finding& b) {
            return std::tuple(b.severity, b.points, std::string_view(a.layer), std::string_view(a.component), std::string_view(a.rule), std::string_view(a.after_text)) <
                   std::tuple(a.severity, a.points, std::string_view(b.layer), std::string_view(b.component), std::string_view(b.rule), std::string_view(b.after_text));
        });
        suppress(m_out, m_in.policy, m_in.today);
        judge(m_out, m_in.policy, m_blind);
    }

    // Shares in hundredths of a percent that sum to exactly 100 %: the largest remainders get the rest.
    void share() {
        if (m_out.points == 0) return;
        std::vector<std::pair<std::int64_t, std::size_t>> remainders;
        std::int64_t given = 0;
        for (std::size_t i = 0; i < m_out.findings.size(); ++i) {
            auto& f = m_out.findings[i];
            const auto part = static_cast<long double>(f.points) * 10'000 / static_cast<long double>(m_out.points);
            f.share = static_cast<std::int64_t>(part);
            given += f.share;
            if (f.points > 0) remainders.emplace_back(static_cast<std::int64_t>((part - static_cast<long double>(f.share)) * 1'000'000), i);
        }
        std::ranges::stable_sort(remainders, std::ranges::greater{}, [](const auto& r) { return r.first; });
        for (std::size_t i = 0; i < remainders.size() && given < 10'000; ++i, ++given) ++m_out.findings[remainders[i].second].share;
    }

    const CompareInput& m_in;
    Requesters m_requesters;
    std::set<std::string> m_changed;  // keys of the layer at hand
    Report m_out;
    bool m_blind = false;
};

}  // namespace

Report compare(const CompareInput& input) { return Comparison(input).run(); }

}  // namespace envlock
