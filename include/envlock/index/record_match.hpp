#pragma once

#include <envlock/dist/record.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

// The RECORD of an installed distribution, and what is needed to undo what installers do to a wheel.
struct InstalledRecord {
    std::string dist_info;             // "numpy-1.26.4.dist-info"
    std::string name;                  // normalised
    std::vector<RecordRow> rows;
    std::vector<std::string> scripts;  // wrappers that entry_points.txt asks for, sorted
    bool pure = true;                  // every tag ends in "-any"
    // Whether the script at this installed row, with "#!python" as its first line again, has the
    // digest of the wheel's row.
    std::function<bool(const RecordRow& installed, const RecordRow& wheel)> is_script_of;
};

enum class RecordVerdict : std::uint8_t {
    equal,     // both directions, every hashed row
    rebuilt,   // all code is equal; METADATA, WHEEL and the like are not: another build of the same source
    altered,   // the wheel's own METADATA and WHEEL, but other rows than the wheel has
    different, // another wheel
};

struct RecordMatch {
    RecordVerdict verdict = RecordVerdict::different;
    // Paths as RECORD spells them, sorted; of the wheel for the first two.
    std::vector<std::string> missing, changed, extra;
};

// Whether the installed rows are those of the published wheel. Wheel to installed: a row of the
// same path with that hash and size; rows of `.data` folders also at "../…/<rest>"; scripts with
// the first line an installer wrote. Installed to wheel: what is left over must be what installers
// add. Bytecode and unhashed rows do not count. The rules are R5 to R8 of docs/proof.md.
RecordMatch match_record(const std::vector<RecordRow>& wheel, std::string_view wheel_dist_info, const InstalledRecord& installed);

// How many bytes of a wheel's end probably hold its directory and its RECORD, from the installed rows.
std::uint64_t guess_tail(const InstalledRecord& installed);

// Whether an installer, not the wheel, brought this installed row.
bool is_installers_row(const InstalledRecord& installed, std::string_view path);

}  // namespace envlock::index
