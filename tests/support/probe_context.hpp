#pragma once

#include "support/memory_file_tree.hpp"
#include "support/no_inflater.hpp"
#include "support/scripted_runner.hpp"
#include "support/simple_hasher.hpp"

#include <envlock/layer/layer.hpp>

namespace envlock::test {

class NoHtml final : public HtmlReader {
public:
    Result<HtmlLinks> links(std::string_view) const override { return HtmlLinks{}; }
};

// Everything a probe needs, around one FileTree: no programs, no network, no cache, a fixed clock.
struct ProbeWorld {
    explicit ProbeWorld(const FileTree& tree) : files(tree), hasher(tree) {}

    ProbeContext context(std::string venv = "/p/.venv", std::map<std::string, std::string> environment = {{"HOME", "/home/u"}}) {
        return {.files = files, .hasher = *use_hasher, .processes = processes, .http = *use_http, .html = html, .inflater = *use_inflater, .cache = *use_cache, .clock = clock,
                .progress = progress, .project = {std::string(parent_path(venv)), venv}, .environment = std::move(environment)};
    }

    const FileTree& files;
    SimpleHasher hasher;
    ScriptedRunner processes;
    OfflineTransport http;
    NoHtml html;
    NoInflater no_inflater;
    NoCache cache;
    FixedClock clock{1'700'000'000};
    SilentProgress progress;
    TreeHasher* use_hasher = &hasher;  // another one may be put here before context()
    HttpTransport* use_http = &http;
    CacheStore* use_cache = &cache;
    const Inflater* use_inflater = &no_inflater;
};

}  // namespace envlock::test
