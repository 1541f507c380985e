#include "layers/python/published.hpp"

#include "layers/python/evidence.hpp"
#include "layers/python/installed_record.hpp"
#include "layers/python/upstream_facts.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/index/client.hpp>
#include <envlock/index/config.hpp>
#include <envlock/index/known_files.hpp>
#include <envlock/index/match.hpp>
#include <envlock/index/prover.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace envlock::python {
namespace {

index::InstalledFacts facts_of(const Distribution& distribution) {
    return {.name = distribution.component.key, .version = distribution.component.version, .tags = distribution.wheel.tags,
            .build = distribution.wheel.build, .metadata_sha256 = distribution.metadata_sha256, .generator = distribution.wheel.generator};
}

// One note a cause: when the index is down, that is one fact and not three hundred.
class Causes {
public:
    explicit Causes(std::string what) : m_what(std::move(what)) {}
    // The subject names the project's own page: without it, equal causes are equal.
    void add(const Error& error, const std::string& name) {
        auto cause = std::string(describe(error.code).what);
        if (!error.detail.empty()) cause += " (" + clean_line(redact_urls_in(error.detail)) + ")";
        m_names[cause].push_back(name);
    }
    void flush(std::vector<Note>& notes) const {
        for (const auto& [cause, names] : m_names) {
            std::string detail = cause + "; " + m_what + ": " + names.front();
            if (names.size() > 1) detail += " and " + std::to_string(names.size() - 1) + " more";
            notes.push_back({"", "", "index", std::move(detail)});
        }
    }

private:
    std::string m_what;
    std::map<std::string, std::vector<std::string>> m_names;
};

class Published {
public:
    Published(const ProbeContext& context, const index::IndexConfig& config, std::vector<Note>& notes)
        : m_context(context), m_notes(notes), m_prover(context.http, context.inflater, config, {.download = context.download_limit}), m_upstream(context, config, notes) {}

    void take(Distribution& distribution, const index::Lookup& answer) {
        auto& component = distribution.component;
        if (!answer.page) {
            component.evidence = Evidence::unverified;
            return m_unasked.add(answer.page.error(), component.key);
        }
        say_status(component, *answer.page);
        if (distribution.wheel.tags.empty()) {
            // Without WHEEL there is nothing to tell the files of a version apart by.
            component.evidence = answer.page->files.empty() ? Evidence::vanished : Evidence::unverified;
            if (answer.page->files.empty()) say_vanished(component);
            return;
        }
        const auto match = std::make_shared<const index::Match>(index::match_published(facts_of(distribution), *answer.page));
        auto known = index::KnownFiles::load(m_context.cache, component.key, component.version);
        settle_by_tags(distribution, *match);
        say_replaced(distribution, *match, known);
        say_several_indexes(component, *match);
        m_tells_publishers = m_tells_publishers || is_newer(answer.page->api_version);
        const bool remembered = recall(distribution, *match, known);
        known.store(m_context.cache);
        if (component.evidence == Evidence::vanished) return say_vanished(component);
        say_yanked(component, *match);
        if (m_context.ask_vulnerabilities) m_upstream.ask_vulnerabilities(distribution, match->candidates.empty() ? answer.index : match->candidates.front().index);
        if (!remembered) prove(distribution, match);
    }

    void flush() {
        m_unasked.flush(m_notes);
        m_unproved.flush(m_notes);
        m_upstream.flush();
    }

private:
    void note(std::string rule, const Component& component, std::string detail) {
        m_notes.push_back({std::move(rule), component.key, component.key + " " + component.version, std::move(detail)});
    }

    // 1.3 is the first with provenance (PEP 740).
    static bool is_newer(std::string_view api) { return api.starts_with("1.") && api.size() == 3 && api[2] >= '3'; }

    void say_vanished(const Component& component) { note("PY031", component, "the index offers no file of this version"); }

    void say_status(Component& component, const index::ProjectPage& page) {
        if (page.status.empty() || page.status == "active") return;
        component.facts["projectStatus"] = clean_line(page.status);
        note("PY032", component, "the project is " + clean_line(page.status) + (page.status_reason.empty() ? "" : ": " + clean_line(page.status_reason)));
    }

    void say_yanked(Component& component, const index::Match& match) {
        if (!match.yanked) return;
        component.facts["yanked"] = match.yanked_reason.empty() ? std::string("no reason given") : clean_line(match.yanked_reason);
        note("PY030", component, match.yanked_reason.empty() ? "yanked by its publisher" : "yanked by its publisher: " + clean_line(match.yanked_reason));
    }

    // A file name is given out once: other bytes behind it are never a new release.
    void say_replaced(const Distribution& distribution, const index::Match& match, index::KnownFiles& known) {
        for (const auto& file : match.candidates) {
            const auto first = known.first_hash({.filename = file.filename, .sha256 = file.sha256, .index = redact_url(file.index)});
            if (first == file.sha256) continue;
            note("PY033", distribution.component, clean_line(file.filename) + " was sha256 " + first + " and is now " + file.sha256 + " on " + clean_line(redact_url(file.index)));
        }
    }

    void say_several_indexes(Component& component, const index::Match& match) {
        std::set<std::string> indexes, hashes;
        for (std::size_t i = 0; i < match.same_tags; ++i) {
            indexes.insert(clean_line(redact_url(match.wheels[i].index)));
            hashes.insert(match.wheels[i].sha256);
        }
        if (indexes.size() < 2 || hashes.size() < 2) return;
        component.facts["servedBy"] = std::vector<std::string>(indexes.begin(), indexes.end());
        std::string list;
        for (const auto& each : indexes) list += (list.empty() ? "" : ", ") + each;
        note("PY034", component, "different files for the same tags on " + list);
    }

    // What was proved once stays proved: nothing is sent for it.
    bool recall(Distribution& distribution, const index::Match& match, const index::KnownFiles& known) {
        const auto proof = distribution.record_sha256.empty() ? std::nullopt : known.proved(distribution.record_sha256);
        if (!proof) return false;
        const auto listed = std::ranges::find_if(match.wheels, [&](const index::PublishedFile& file) { return file.filename == proof->filename && file.sha256 == proof->sha256; });
        if (listed != match.wheels.end()) {
            set_proved(distribution, *listed);
            m_upstream.ask_publisher(distribution, *listed, m_tells_publishers);
            return distribution.modified.empty() || m_context.offline;  // what changed is told by the wheel's own checksums
        }
        const bool there = std::ranges::any_of(match.wheels, [&](const index::PublishedFile& file) { return file.filename == proof->filename; });
        set_proved(distribution, {.filename = proof->filename, .sha256 = proof->sha256, .index = proof->index});
        if (!there) note("PY036", distribution.component, clean_line(proof->filename) + " is no longer offered by the index");
        return true;
    }

    void prove(Distribution& distribution, const std::shared_ptr<const index::Match>& match) {
        if (!m_context.prove || m_context.offline || !distribution.has_record || match->wheels.empty()) return;
        index::ProofRequest request{.candidates = match->wheels, .together = std::max<std::size_t>(match->same_tags, 1), .tail = distribution.tail_guess, .installed = {}, .wanted = {}};
        request.installed = [this, &distribution] { return read_installed_record(m_context, distribution); };
        for (const auto& file : distribution.modified) request.wanted.push_back(file.row);
        ++m_total;
        m_prover.prove(std::move(request), [this, &distribution, match](index::Proof proof) {
            m_context.progress.step("comparing with published files", ++m_done, m_total);
            settle(distribution, *match, proof);
        });
    }

    void settle(Distribution& distribution, const index::Match& match, const index::Proof& proof) {
        settle_by_proof(distribution, match, proof, m_notes);
        auto& component = distribution.component;
        if (component.evidence != Evidence::proved) {
            if (!proof.problems.empty()) m_unproved.add(proof.problems.front(), component.key);
            return;
        }
        m_upstream.ask_publisher(distribution, proof.equal.front(), m_tells_publishers);
        explain_modified(m_context, distribution, proof.members, m_notes);
        auto known = index::KnownFiles::load(m_context.cache, component.key, component.version);
        const auto& file = proof.equal.front();
        known.remember_proof(distribution.record_sha256, {.filename = file.filename, .sha256 = file.sha256, .index = redact_url(file.index)});
        known.store(m_context.cache);
    }

    const ProbeContext& m_context;
    std::vector<Note>& m_notes;
    index::Prover m_prover;
    UpstreamFacts m_upstream;
    bool m_tells_publishers = false;  // the index speaks a version of its API that has provenance
    Causes m_unasked{"not looked up"}, m_unproved{"not compared with its published file"};
    std::uint64_t m_done = 0, m_total = 0;
};

// Whether the index is to be asked. What the Nix store holds is pinned by the lock, and was built there.
bool is_wanted(const Distribution& distribution) {
    if (distribution.source != "index") return false;
    return !(distribution.site.layer == "base" && distribution.site.path.starts_with("/nix/store/"));
}

}  // namespace

void look_up_published(const ProbeContext& context, const std::string& venv, std::vector<Distribution>& distributions, std::vector<Note>& notes) {
    const auto config = index::resolve_config(context.files, context.environment, context.project.root, venv, context.index_arguments, context.default_index);
    for (const auto& warning : config.warnings) notes.push_back({"", "", "index", clean_line(redact_urls_in(warning))});
    index::IndexClient client(context.files, context.http, context.html, context.cache, context.clock, config, context.offline);
    Published published(context, config, notes);
    std::uint64_t done = 0, total = 0;
    for (auto& each : distributions) {
        if (!is_wanted(each)) continue;
        each.component.evidence = Evidence::unverified;
        if (each.component.key.empty() || each.component.version.empty()) continue;
        ++total;
        client.look_up(each.component.key, each.component.version, [&, target = &each](const index::Lookup& answer) {
            published.take(*target, answer);
            context.progress.step("asking the index", ++done, total);
        });
    }
    client.run();
    published.flush();
}

}  // namespace envlock::python
