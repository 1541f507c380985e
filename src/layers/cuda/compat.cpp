#include "layers/cuda/compat.hpp"

namespace envlock::cuda {
namespace {

struct Row {
    int major, minor;
    const char* driver;  // of the first release of that minor
};

constexpr Row k_toolkit_driver[] = {
    {13, 2, "595.45.04"}, {13, 1, "590.44.01"}, {13, 0, "580.65.06"},
    {12, 9, "575.51.03"}, {12, 8, "570.26"},    {12, 6, "560.28.03"}, {12, 5, "555.42.02"}, {12, 4, "550.54.14"},
    {12, 3, "545.23.06"}, {12, 2, "535.54.03"}, {12, 1, "530.30.02"}, {12, 0, "525.60.13"},
    {11, 8, "520.61.05"}, {11, 7, "515.43.04"}, {11, 6, "510.39.01"}, {11, 5, "495.29.05"}, {11, 4, "470.42.01"},
    {11, 3, "465.19.01"}, {11, 2, "460.27.03"}, {11, 1, "455.23"},    {11, 0, "450.36.06"},
    {10, 2, "440.33"},    {10, 1, "418.39"},    {10, 0, "410.48"},
};

// Minor-version compatibility: any minor of the family runs on these.
constexpr Row k_family_floor[] = {{13, 0, "580"}, {12, 0, "525.60.13"}, {11, 1, "450.80.02"}};

}  // namespace

std::string_view to_string(Compatibility verdict) {
    switch (verdict) {
        case Compatibility::full: return "full";
        case Compatibility::minor_only: return "minor-version";
        case Compatibility::incompatible: return "incompatible";
        case Compatibility::unknown: return "unknown";
    }
    return "unknown";
}

Verdict judge(const Dotted& driver, const Dotted& cuda) {
    // Embedded boards number their drivers differently (35.3.1): not this table's business.
    if (cuda.parts.size() < 2 || driver.parts.empty() || driver.parts[0] < 300) return {};
    for (const auto& row : k_toolkit_driver) {
        if (row.major == cuda.parts[0] && row.minor == cuda.parts[1] && driver >= *parse_dotted(row.driver)) return {Compatibility::full, row.driver};
    }
    for (const auto& row : k_family_floor) {
        if (row.major != cuda.parts[0] || row.minor > cuda.parts[1]) continue;
        return {driver >= *parse_dotted(row.driver) ? Compatibility::minor_only : Compatibility::incompatible, row.driver};
    }
    for (const auto& row : k_toolkit_driver) {
        if (row.major == cuda.parts[0] && row.minor == cuda.parts[1]) return {Compatibility::incompatible, row.driver};
    }
    return {};
}

}  // namespace envlock::cuda
