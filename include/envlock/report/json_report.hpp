#pragma once

#include <envlock/json/value.hpp>
#include <envlock/model/drift.hpp>

namespace envlock {

inline constexpr std::string_view k_report_schema = "urn:envlock:report:v1";

json::Value report_to_json(const Report& report);

// The report as JSON, pretty: "verdict" first, "exitCode" second, the rest sorted; ends with LF.
std::string render_json(const Report& report);

// The inverse, for `envlock report --from`: what render_json wrote comes back so that every format
// renders the same bytes (the components behind a finding are not in the file and stay empty).
// Strict about types and names it knows, indifferent to members it does not know.
Result<Report> parse_report(std::string_view text);

}  // namespace envlock
