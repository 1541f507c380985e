#pragma once

#include "layers/python/distribution.hpp"

#include <string>
#include <string_view>

namespace envlock::python {

enum class RowKind : std::uint8_t {
    content,    // came out of the wheel as it is
    script,     // a wheel's script in bin/: its first line depends on where the environment lies
    generated,  // written by the installer: INSTALLER, wrappers of entry points, …
    bytecode,   // *.pyc: the interpreter may rewrite it at any time
    escape,     // outside the environment: never opened
};

struct PlacedRow {
    RowKind kind = RowKind::escape;
    std::string path;       // absolute; "" for escape
    std::string canonical;  // equal on every machine and for every installer: "numpy/a.py", "bin/f2py"
};

// Where a RECORD row lies and what it is.
PlacedRow place_row(const Distribution& distribution, std::string_view row_path);

// The installed RECORD in a form that is equal for one wheel installed by any installer.
std::string record_digest(const Distribution& distribution);

}  // namespace envlock::python
