#include "layers/python/evidence.hpp"

#include <envlock/base/redact.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock::python {
namespace {

Artifact artifact_of(const index::PublishedFile& file) {
    return {.filename = clean_line(file.filename), .sha256 = file.sha256, .size = file.size, .upload_time = clean_line(file.upload_time),
            .index = redact_url(file.index), .url = clean_line(redact_url(file.url)), .candidates = 1};
}

// Several files fit: what they share is said, and every hash is kept so that a diff compares sets.
void keep_candidates(Component& component, const std::vector<index::PublishedFile>& files) {
    Artifact artifact;
    artifact.index = redact_url(files.front().index);
    artifact.candidates = static_cast<std::int64_t>(files.size());
    std::vector<std::string> hashes;
    for (const auto& file : files) hashes.push_back(clean_line(file.filename) + " sha256:" + file.sha256);
    std::ranges::sort(hashes);
    component.facts["candidates"] = std::move(hashes);
    component.artifact = std::move(artifact);
}

void keep_files(Component& component, const std::vector<index::PublishedFile>& files) {
    component.artifact.reset();
    component.facts.erase("candidates");
    if (files.size() == 1) component.artifact = artifact_of(files.front());
    else if (!files.empty()) keep_candidates(component, files);
}

Note note_of(const Component& component, std::string rule, std::string detail) {
    return {std::move(rule), component.key, component.key + " " + component.version, std::move(detail)};
}

// "changed a.py, b.py; added c.py (and 7 more)".
std::string differences(const index::RecordMatch& match) {
    constexpr std::size_t k_named = 5;
    std::string out;
    for (const auto& [word, paths] : {std::pair{"changed", &match.changed}, {"lacks", &match.missing}, {"adds", &match.extra}}) {
        if (paths->empty()) continue;
        out += (out.empty() ? "" : "; ") + std::string(word);
        for (std::size_t i = 0; i < std::min(k_named, paths->size()); ++i) out += (i == 0 ? " " : ", ") + clean_line((*paths)[i]);
        if (paths->size() > k_named) out += " and " + std::to_string(paths->size() - k_named) + " more";
    }
    return out;
}

void built_from_source(Component& component, const index::Match& match) {
    component.evidence = Evidence::built_from_source;
    keep_files(component, match.sources.empty() ? std::vector<index::PublishedFile>{} : std::vector{match.sources.front()});
}

// Nothing published equals it. What that means depends on where the difference lies.
void settle_unequal(Distribution& distribution, const index::Match& match, const index::Proof& proof, std::vector<Note>& notes) {
    auto& component = distribution.component;
    const auto name = clean_line(proof.nearest->filename);
    const bool same_tags = match.same_tags > 0;
    // A base from Nix or a Linux distribution is built by its packagers: not the index's business.
    const bool ours = distribution.site.layer == "venv" || distribution.site.layer == "user";
    if (proof.difference.verdict == index::RecordVerdict::rebuilt) {
        built_from_source(component, match);
        component.facts["codeEquals"] = name;
        return;
    }
    if (!same_tags) return;  // only tried in case the wheel was retagged
    if (proof.difference.verdict == index::RecordVerdict::altered) {
        component.evidence = Evidence::probable;
        keep_files(component, {*proof.nearest});
        if (ours) notes.push_back(note_of(component, "PY019", "RECORD is not that of " + name + ": " + differences(proof.difference)));
        return;
    }
    if (!match.sources.empty()) return built_from_source(component, match);
    component.evidence = Evidence::unverified;
    keep_files(component, {});
    component.facts["nearest"] = name;
    if (ours) notes.push_back(note_of(component, "PY024", "has the tags of " + name + ", and other content: " + differences(proof.difference)));
}

bool one_content(const std::vector<index::PublishedFile>& files) {
    return std::ranges::all_of(files, [&](const index::PublishedFile& file) { return !file.sha256.empty() && file.sha256 == files.front().sha256; });
}

}  // namespace

std::string clean_line(std::string_view text) {
    constexpr std::size_t k_longest = 300;
    return escape_controls(trim(text).substr(0, k_longest));
}

void settle_by_tags(Distribution& distribution, const index::Match& match) {
    auto& component = distribution.component;
    component.evidence = evidence_from(match.evidence).value_or(Evidence::unverified);
    keep_files(component, component.evidence == Evidence::vanished ? std::vector<index::PublishedFile>{} : match.candidates);
}

void set_proved(Distribution& distribution, const index::PublishedFile& file) {
    auto& component = distribution.component;
    component.evidence = Evidence::proved;
    keep_files(component, {file});
    component.facts["checkedAgainst"] = std::string("published RECORD");
}

void settle_by_proof(Distribution& distribution, const index::Match& match, const index::Proof& proof, std::vector<Note>& notes) {
    auto& component = distribution.component;
    if (proof.altered_file) {
        for (const auto& problem : proof.problems) notes.push_back(note_of(component, "PY033", clean_line(redact_urls_in(to_line(problem)))));
    }
    if (proof.equal.size() == 1 || (!proof.equal.empty() && one_content(proof.equal))) return set_proved(distribution, proof.equal.front());
    if (!proof.equal.empty()) {
        component.evidence = Evidence::ambiguous;
        return keep_files(component, proof.equal);
    }
    // A candidate that could not be read may be the one.
    if (proof.nearest && proof.problems.empty()) settle_unequal(distribution, match, proof, notes);
}

void explain_modified(const ProbeContext& context, Distribution& distribution, const std::map<std::string, index::ZipMember>& members, std::vector<Note>& notes) {
    constexpr std::size_t k_most = 64U << 20U;
    auto& component = distribution.component;
    std::vector<std::string> later;
    std::int64_t wrong = 0;
    for (const auto& [row, path] : distribution.modified) {
        const auto member = members.find(row);
        if (member == members.end()) continue;
        const auto text = context.files.read(path, k_most);
        if (!text) continue;
        const bool as_published = text->size() == member->second.size && context.inflater.crc32(*text) == member->second.crc;
        if (!as_published) {
            later.push_back(escape_controls(row));
            continue;
        }
        ++wrong;
        for (auto& note : notes) {
            if (note.rule == "PY010" && note.component == component.key && note.subject == escape_controls(row)) note.rule = "PY025";
        }
    }
    if (!later.empty()) component.facts["changedAfterInstall"] = std::move(later);
    if (wrong == 0) return;
    component.facts["publishedWrong"] = wrong;
    component.files->modified -= wrong;
    component.files->ok += wrong;
}

}  // namespace envlock::python
