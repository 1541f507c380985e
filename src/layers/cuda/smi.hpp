#pragma once

#include "layers/cuda/dotted.hpp"

namespace envlock::cuda {

// One GPU by class. UUIDs, serials and bus ids are never taken.
struct SmiGpu {
    std::string name;           // a table cuts long names with "..."
    std::string compute;        // "9.0", or ""
    std::int64_t memory_mib = -1;
    std::string mig;            // "Enabled", "Disabled", or "" when it has none
    auto operator<=>(const SmiGpu&) const = default;
};

struct Smi {
    std::optional<Dotted> driver;  // the kernel side (KMD); on WSL the Windows driver
    std::optional<Dotted> cuda;    // the newest CUDA the user-mode driver supports
    std::vector<SmiGpu> gpus;
};

// Any text nvidia-smi writes for people: the table, -q, -L, --version, and -q -x (read as lines,
// so that no DTD is ever loaded). Both spellings: up to 609 "Driver Version"/"CUDA Version",
// then "KMD Version"/"CUDA UMD Version". N/A, ERR! and "Deprecated, see …" are not versions.
// The number behind "NVIDIA-SMI" is the tool's own and is not taken.
Smi parse_smi_text(std::string_view text);

// --query-gpu with a header line (--format=csv or csv,nounits): columns are found by name.
Smi parse_smi_csv(std::string_view text);

}  // namespace envlock::cuda
