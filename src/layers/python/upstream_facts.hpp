#pragma once

#include "layers/python/distribution.hpp"

#include <envlock/index/upstream.hpp>

#include <map>

namespace envlock::python {

// Who published the installed files, and with `vulnerabilities` what is known against their releases.
class UpstreamFacts {
public:
    UpstreamFacts(const ProbeContext& context, const index::IndexConfig& config, std::vector<Note>& notes)
        : m_context(context), m_notes(notes), m_upstream(context.http, context.cache, context.clock, config) {}

    // For a proved file only: a publisher means nothing for a file that may be another one.
    void ask_publisher(Distribution& distribution, const index::PublishedFile& file, bool index_tells);
    void ask_vulnerabilities(Distribution& distribution, const std::string& index);

    void flush();  // one note for what could not be asked

private:
    void take_publisher(Component& component, const Result<index::Provenance>& answer);
    void take_release(Component& component, const Result<index::ReleaseFacts>& answer);

    const ProbeContext& m_context;
    std::vector<Note>& m_notes;
    index::Upstream m_upstream;
    std::map<std::string, std::vector<std::string>> m_unasked;  // cause → distributions
};

}  // namespace envlock::python
