#include "layers/python/upstream_facts.hpp"

#include "layers/python/evidence.hpp"

#include <envlock/base/redact.hpp>

namespace envlock::python {
namespace {

Note note_of(const Component& component, std::string rule, std::string detail) {
    return {std::move(rule), component.key, component.key + " " + component.version, std::move(detail)};
}

std::string describe_vulnerability(const index::Vulnerability& each) {
    auto out = clean_line(each.id);
    for (const auto& alias : each.aliases) {
        if (alias.starts_with("CVE-")) out += " (" + clean_line(alias) + ")";
    }
    std::string fixed;
    for (const auto& version : each.fixed_in) fixed += (fixed.empty() ? "" : ", ") + clean_line(version);
    return out + (fixed.empty() ? ", no fixed release" : ", fixed in " + fixed);
}

}  // namespace

void UpstreamFacts::ask_publisher(Distribution& distribution, const index::PublishedFile& file, bool index_tells) {
    auto& component = distribution.component;
    if (file.provenance.empty()) {
        if (index_tells) component.facts["publisherState"] = std::string("none");
        return;
    }
    if (m_context.offline) return;
    m_upstream.provenance(file, [this, &component](const Result<index::Provenance>& answer) { take_publisher(component, answer); });
}

void UpstreamFacts::take_publisher(Component& component, const Result<index::Provenance>& answer) {
    if (!answer) {
        const bool none = answer.error().code == ErrorCode::http_status && answer.error().detail == "HTTP 404";
        if (none) component.facts["publisherState"] = std::string("none");
        else m_unasked["provenance: " + std::string(describe(answer.error().code).what) + " (" + clean_line(redact_urls_in(answer.error().detail)) + ")"].push_back(component.key);
        return;
    }
    if (!answer->identity.empty()) component.facts["publisher"] = clean_line(answer->identity);
    component.facts["publisherState"] = answer->state == "bound" ? "bound; " + std::string(index::k_provenance_not_verified) : clean_line(answer->state + ": " + answer->reason);
    if (answer->state == "mismatch") m_notes.push_back(note_of(component, "PY038", clean_line(answer->reason)));
}

void UpstreamFacts::ask_vulnerabilities(Distribution& distribution, const std::string& index) {
    if (m_context.offline) {
        m_unasked["vulnerabilities: offline"].push_back(distribution.component.key);
        return;
    }
    m_upstream.release(index, distribution.component.key, distribution.component.version,
                       [this, &component = distribution.component](const Result<index::ReleaseFacts>& answer) { take_release(component, answer); });
}

void UpstreamFacts::take_release(Component& component, const Result<index::ReleaseFacts>& answer) {
    if (!answer || !answer->vulnerabilities) {
        auto cause = std::string("vulnerabilities: ") + (answer ? "the index does not say" : std::string(describe(answer.error().code).what));
        if (!answer && !answer.error().detail.empty()) cause += " (" + clean_line(redact_urls_in(answer.error().detail)) + ")";
        m_unasked[cause].push_back(component.key);
        return;
    }
    std::vector<std::string> known;
    for (const auto& each : *answer->vulnerabilities) {
        known.push_back(describe_vulnerability(each));
        m_notes.push_back(note_of(component, "PY039", known.back() + (each.summary.empty() ? "" : ": " + clean_line(each.summary))));
    }
    component.facts["vulnerabilities"] = std::move(known);
}

void UpstreamFacts::flush() {
    for (const auto& [cause, names] : m_unasked) {
        auto detail = cause + "; not known for " + names.front();
        if (names.size() > 1) detail += " and " + std::to_string(names.size() - 1) + " more";
        m_notes.push_back({"", "", "index", std::move(detail)});
    }
}

}  // namespace envlock::python
