#pragma once

#include <envlock/base/result.hpp>
#include <envlock/model/snapshot.hpp>
#include <envlock/ports/cache_store.hpp>
#include <envlock/ports/clock.hpp>
#include <envlock/ports/file_tree.hpp>
#include <envlock/ports/html_reader.hpp>
#include <envlock/ports/http_transport.hpp>
#include <envlock/ports/inflater.hpp>
#include <envlock/ports/process_runner.hpp>
#include <envlock/ports/progress.hpp>
#include <envlock/ports/tree_hasher.hpp>

#include <map>
#include <string>
#include <vector>

namespace envlock {

enum class Level : std::uint8_t { metadata, cached, full };

// Where to look. All paths are absolute inside the FileTree's root.
struct Project {
    std::string root;  // the folder that holds flake.lock, .git or envlock.toml
    std::string venv;  // the playground, or "" when there is none
};

// What a probe may use: the ports, the place, and the caller's environment variables. The
// environment is a plain map, so that tests and --sysroot can give another one.
struct ProbeContext {
    const FileTree& files;
    TreeHasher& hasher;
    const ProcessRunner& processes;
    HttpTransport& http;
    const HtmlReader& html;
    const Inflater& inflater;
    CacheStore& cache;
    const Clock& clock;
    Progress& progress;
    Project project;
    std::map<std::string, std::string> environment;
    Level level = Level::cached;
    bool ask_index = false;  // capture only: look up the published files
    bool prove = true;       // compare the published RECORD with the installed one, by byte ranges
    std::uint64_t download_limit = 8U << 20U;  // a file up to this size is read whole where its server knows no ranges
    bool ask_vulnerabilities = false;  // with ask_index: what the index knows against each release
    bool offline = false;
    std::vector<std::string> index_arguments;  // --index-url, --extra-index-url, … as pip would take them
    std::string default_index;                 // what pip itself defaults to; "" when not known
};

// A layer is a row, not a class. A probe yields what it saw; one broken item is a note, absence
// is Presence::absent, "I cannot look" is Presence::unobservable. An Error is only for "I cannot
// say anything", and is shown as unobservable with that text.
struct Layer {
    std::string id;
    std::string title;
    Result<LayerSnapshot> (*probe)(const ProbeContext& context);
};

// The table, in the order of the stack: nix, python, native, cuda, platform.
const std::vector<Layer>& all_layers();

}  // namespace envlock
