#pragma once

#include <envlock/layer/layer.hpp>

#include "support/memory_file_tree.hpp"
#include "support/no_inflater.hpp"
#include "support/scripted_runner.hpp"
#include "support/simple_hasher.hpp"

namespace envlock::test {

// A whole small machine for a probe: its files, its environment, and the answers of its programs.
class FakeMachine {
public:
    explicit FakeMachine(std::map<std::string, std::string> files, std::map<std::string, std::string> environment = {}, ScriptedRunner programs = {})
        : m_files(std::move(files)), m_environment(std::move(environment)), m_programs(std::move(programs)) {}

    ProbeContext context(std::string venv = "/p/.venv") {
        return ProbeContext{.files = m_files, .hasher = m_hasher, .processes = m_programs, .http = m_http, .html = m_html, .inflater = m_inflater, .cache = m_cache,
                            .clock = m_clock, .progress = m_progress, .project = {"/p", std::move(venv)}, .environment = m_environment, .offline = true};
    }

private:
    class NoHtml final : public HtmlReader {
    public:
        Result<HtmlLinks> links(std::string_view) const override { return fail(ErrorCode::unsupported, "html"); }
    };
    MemoryFileTree m_files;
    std::map<std::string, std::string> m_environment;
    ScriptedRunner m_programs;
    SimpleHasher m_hasher{m_files};
    OfflineTransport m_http;
    NoHtml m_html;
    NoInflater m_inflater;
    NoCache m_cache;
    FixedClock m_clock{1'700'000'000};
    SilentProgress m_progress;
};

inline bool has_rule(const LayerSnapshot& snapshot, std::string_view rule) {
    return std::ranges::find(snapshot.notes, rule, &Note::rule) != snapshot.notes.end();
}

}  // namespace envlock::test
