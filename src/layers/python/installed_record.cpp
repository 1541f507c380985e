#include "layers/python/installed_record.hpp"

#include "layers/python/canonical_row.hpp"
#include "layers/python/wheel_script.hpp"

#include <envlock/base/path.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace envlock::python {
namespace {

constexpr std::size_t k_largest_script = 1U << 20U;

index::InstalledRecord without_rows(const Distribution& distribution) {
    index::InstalledRecord out;
    out.dist_info = file_name(distribution.dir);
    out.name = distribution.component.key;
    out.scripts = distribution.scripts;
    out.pure = std::ranges::all_of(distribution.wheel.tags, [](const std::string& tag) { return tag.ends_with("-any"); });
    return out;
}

}  // namespace

index::InstalledRecord read_installed_record(const ProbeContext& context, const Distribution& distribution) {
    auto out = without_rows(distribution);
    if (const auto text = context.files.read(join(distribution.dir, "RECORD"), 64U << 20U)) {
        if (auto rows = parse_record(*text, "RECORD")) out.rows = *std::move(rows);
    }
    out.is_script_of = [&files = context.files, &distribution](const RecordRow& installed, const RecordRow& wheel) {
        const auto placed = place_row(distribution, installed.path);
        if (placed.kind == RowKind::escape) return false;
        const auto text = files.read(placed.path, k_largest_script);
        if (!text) return false;
        return std::ranges::any_of(std::array{"#!python", "#!pythonw"}, [&](const char* line) {
            const auto original = with_wheel_shebang(*text, line);
            return original && digest_of(wheel.algorithm, *original) == wheel.digest;
        });
    };
    return out;
}

std::uint64_t guess_tail_of(Distribution& distribution) {
    auto record = without_rows(distribution);
    record.rows = std::move(distribution.rows);
    const auto out = index::guess_tail(record);
    distribution.rows = std::move(record.rows);
    return out;
}

}  // namespace envlock::python
