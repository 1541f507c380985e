#pragma once

#include <envlock/base/result.hpp>
#include <envlock/model/manifest.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace envlock {

inline constexpr std::string_view k_statement_type = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view k_manifest_type = "urn:envlock:manifest:v1";

// The bytes of envlock.lock: UTF-8, LF, 2-space indent, keys sorted by bytes, integers only, one
// component, note or subject per line, one newline at the end. The same manifest always gives
// the same bytes. Text that is not UTF-8 is escaped (to_utf8) before digests are computed, so
// that what is written always decodes; layers that are not frozen are frozen first.
std::string encode_manifest(const Manifest& manifest);

// Reads what encode_manifest writes, and no other kind of document. Strict JSON, known types,
// and every digest (component, layer, environment) is computed again from the content: one that
// does not fit is manifest_malformed, naming the component and its line. Members it does not
// know are skipped. Layout is not checked: a re-indented manifest reads the same. `subject` names
// the file in errors. Whether the bytes are signed is not asked here.
Result<Manifest> decode_manifest(std::string_view bytes, std::string_view subject);

// "python/numpy" → 1-based line of that component in the manifest as envlock lays it out. Total:
// a component that is not on a line of its own is simply not in the answer.
std::map<std::string, std::int64_t> component_lines(std::string_view bytes);

}  // namespace envlock
