#pragma once

#include <envlock/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock {

enum class RecordState : std::uint8_t {
    hashed,       // `algorithm` and `digest` are usable
    unhashed,     // no hash given: RECORD itself, bytecode, files an installer added
    malformed,    // the row or its hash cannot be what it says (wrong length, alphabet, size)
    unsupported,  // a hash algorithm that is not computed here
};

// One row of a RECORD. `path` is verbatim: relative to the site dir, absolute or hostile; who
// opens it must confine it first (see confine_record_path).
struct RecordRow {
    std::string path;
    std::string algorithm;             // lower case, hashlib's name; "" when unhashed
    std::string digest;                // raw bytes; only when hashed
    std::optional<std::int64_t> size;  // absent when the field is empty
    RecordState state = RecordState::malformed;
};

// RECORD of an installed distribution or a wheel: CSV as Python's csv module writes it, any line
// ends, two to many columns. Digests are read as URL-safe base64 with or without padding, and as
// hex where the length says so (some installers wrote that). Order and duplicates are kept; a bad
// row is a row in state `malformed`. Only too many rows or bytes are an Error.
Result<std::vector<RecordRow>> parse_record(std::string_view text, std::string_view subject);

// Number of raw digest bytes of an algorithm RECORD may name, or nullopt when not computed here.
std::optional<std::size_t> digest_size(std::string_view algorithm);

// The absolute path a row names, resolved lexically against the site dir, when that is inside
// one of `prefix` (the environment's root) or the site dir itself; else nullopt: never to be opened.
// '\' and drive letters are not separators on this side: a row that has them is refused.
std::optional<std::string> confine_record_path(std::string_view row_path, std::string_view site_dir, std::string_view prefix);

}  // namespace envlock
