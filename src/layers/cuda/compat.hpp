#pragma once

#include "layers/cuda/dotted.hpp"

namespace envlock::cuda {

// Where the tables come from; shown with every verdict.
inline constexpr std::string_view k_table = "CUDA 13.2 Update 2 release notes, tables 2 and 3";

enum class Compatibility : std::uint8_t {
    full,           // at or above the driver that came with this CUDA
    minor_only,     // runs, but code compiled at run time (PTX) may be refused
    incompatible,
    unknown,        // not in the table: no verdict
};
std::string_view to_string(Compatibility verdict);

struct Verdict {
    Compatibility compatibility = Compatibility::unknown;
    std::string minimum;  // the driver needed at least, as the table writes it
};

// Linux drivers of the data-centre and desktop line against a CUDA major.minor.
Verdict judge(const Dotted& driver, const Dotted& cuda);

}  // namespace envlock::cuda
