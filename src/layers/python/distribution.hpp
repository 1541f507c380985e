#pragma once

#include "layers/python/path_names.hpp"

#include <envlock/dist/record.hpp>
#include <envlock/dist/wheel_file.hpp>
#include <envlock/layer/playground.hpp>

#include <string>
#include <vector>

namespace envlock::python {

// One installed distribution while it is being examined: the component it becomes, and what the
// next steps (files, index) need of it.
struct Distribution {
    Component component;
    std::string dir;          // its metadata folder or file
    SiteDir site;
    std::string source;       // "index", "vcs", "archive", "editable", "directory", "egg", "unknown"
    WheelFile wheel;
    std::string metadata_sha256;          // hex; "" when METADATA is missing
    std::vector<std::string> scripts;     // generated wrappers, by entry_points.txt
    std::vector<RecordRow> rows;
    bool has_record = false;
    std::string record_sha256;   // hex, of RECORD's own bytes
    std::uint64_t tail_guess = 0;  // how much of the published wheel's end holds its RECORD
    struct ModifiedFile {
        std::string row, path;  // as RECORD has it; absolute
    };
    std::vector<ModifiedFile> modified;  // what check_files found, capped
};

// Reads what lies in `installed`; whatever is broken becomes a note and the rest is read.
Distribution read_distribution(const ProbeContext& context, const Playground& playground, const InstalledDir& installed,
                               const PathNames& names, std::vector<Note>& notes);

// A note for every name that occurs twice in one site dir.
void note_duplicates(const std::vector<Distribution>& distributions, std::vector<Note>& notes);

}  // namespace envlock::python
