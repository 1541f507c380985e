#include "layers/python/published.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>
#include <envlock/index/client.hpp>
#include <envlock/index/config.hpp>
#include <envlock/index/match.hpp>

#include <map>

namespace envlock::python {
namespace {

std::string clean(std::string_view text) {
    constexpr std::size_t k_longest = 300;
    return escape_controls(trim(text).substr(0, k_longest));
}

index::InstalledFacts facts_of(const Distribution& distribution) {
    return {.name = distribution.component.key, .version = distribution.component.version, .tags = distribution.wheel.tags,
            .build = distribution.wheel.build, .metadata_sha256 = distribution.metadata_sha256, .generator = distribution.wheel.generator};
}

Artifact artifact_of(const index::PublishedFile& file, std::string_view index) {
    return {.filename = clean(file.filename), .sha256 = file.sha256, .size = file.size, .upload_time = clean(file.upload_time),
            .index = redact_url(file.index.empty() ? index : std::string_view(file.index)), .url = clean(redact_url(file.url)), .candidates = 1};
}

// Several files fit: what they share is said, and every hash is kept so that a diff compares sets.
void keep_candidates(Component& component, const index::Match& match, std::string_view index) {
    Artifact artifact;
    artifact.index = redact_url(index);
    artifact.candidates = static_cast<std::int64_t>(match.candidates.size());
    std::vector<std::string> hashes;
    for (const auto& file : match.candidates) hashes.push_back(clean(file.filename) + " sha256:" + file.sha256);
    component.facts["candidates"] = std::move(hashes);
    component.artifact = std::move(artifact);
}

class Published {
public:
    explicit Published(std::vector<Note>& notes) : m_notes(notes) {}

    void take(Distribution& distribution, const index::Lookup& answer) {
        auto& component = distribution.component;
        if (!answer.page) return failed(component, answer.page.error());
        say_status(component, *answer.page);
        if (distribution.wheel.tags.empty()) {
            // Without WHEEL there is nothing to tell the files of a version apart by.
            component.evidence = answer.page->files.empty() ? Evidence::vanished : Evidence::unverified;
            if (answer.page->files.empty()) say_vanished(component);
            return;
        }
        const auto match = index::match_published(facts_of(distribution), *answer.page);
        component.evidence = evidence_from(match.evidence).value_or(Evidence::unverified);
        if (component.evidence == Evidence::vanished) return say_vanished(component);
        if (match.candidates.size() == 1) component.artifact = artifact_of(match.candidates.front(), answer.index);
        else if (!match.candidates.empty()) keep_candidates(component, match, answer.index);
        if (!match.yanked) return;
        component.facts["yanked"] = match.yanked_reason.empty() ? std::string("no reason given") : clean(match.yanked_reason);
        note("PY030", component, match.yanked_reason.empty() ? "yanked by its publisher" : "yanked by its publisher: " + clean(match.yanked_reason));
    }

    // One note a cause: when the index is down, that is one fact and not three hundred.
    void flush() {
        for (const auto& [cause, names] : m_causes) {
            std::string detail = cause + "; not looked up: " + names.front();
            if (names.size() > 1) detail += " and " + std::to_string(names.size() - 1) + " more";
            m_notes.push_back({"", "", "index", std::move(detail)});
        }
    }

private:
    void note(std::string rule, const Component& component, std::string detail) {
        m_notes.push_back({std::move(rule), component.key, component.key + " " + component.version, std::move(detail)});
    }

    void say_vanished(const Component& component) { note("PY031", component, "the index offers no file of this version"); }

    void say_status(Component& component, const index::ProjectPage& page) {
        if (page.status.empty() || page.status == "active") return;
        component.facts["projectStatus"] = clean(page.status);
        note("PY032", component, "the project is " + clean(page.status) + (page.status_reason.empty() ? "" : ": " + clean(page.status_reason)));
    }

    void failed(Component& component, const Error& error) {
        component.evidence = Evidence::unverified;
        // The subject names the project's own page: without it, equal causes are equal.
        auto cause = std::string(describe(error.code).what);
        if (!error.detail.empty()) cause += " (" + clean(redact_urls_in(error.detail)) + ")";
        m_causes[cause].push_back(component.key);
    }

    std::vector<Note>& m_notes;
    std::map<std::string, std::vector<std::string>> m_causes;
};

}  // namespace

void look_up_published(const ProbeContext& context, const std::string& venv, std::vector<Distribution>& distributions, std::vector<Note>& notes) {
    auto config = index::resolve_config(context.files, context.environment, context.project.root, venv, context.index_arguments, context.default_index);
    for (const auto& warning : config.warnings) notes.push_back({"", "", "index", clean(redact_urls_in(warning))});
    index::IndexClient client(context.http, context.html, context.cache, context.clock, std::move(config), context.offline);
    Published published(notes);
    std::uint64_t done = 0, total = 0;
    for (auto& each : distributions) {
        if (each.source != "index") continue;
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
