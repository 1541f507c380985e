#pragma once

#include <envlock/model/drift.hpp>

#include <array>

namespace envlock::report_detail {

// Words and numbers that are the same in every format.
std::string points_text(std::int64_t micro);       // "0.80", "0.001" when two digits would say 0
std::string score_text(const Report& report);      // "12.10" or "12.10–31.40"
std::string percent_text(std::int64_t hundredths); // "38.1 %"
std::string verdict_word(const Report& report);    // "IDENTICAL ●", "DRIFTED ▲", …
std::string verdict_line(const Report& report);    // word, counts, points, score, gate
std::string match_text(const LayerDrift& layer);   // "187 of 203 identical (92.1 %), 2 not checked"
std::string or_absent(const std::string& text);    // "∅" for ""

// Eight columns: release level, H other bytes, S other source, D (not used yet), C compatibility,
// I integrity, < down or > up, : suppressed. All + added, all - removed.
std::string change_column(const Finding& finding);

// Fixes of what counts, by points removed, each once.
std::vector<std::string> what_to_do(const Report& report, std::size_t most);

std::string joined(const std::vector<std::string>& parts, std::string_view between);

}  // namespace envlock::report_detail
