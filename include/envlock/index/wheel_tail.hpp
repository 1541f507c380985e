#pragma once

#include <envlock/ports/inflater.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

struct ByteRange {
    std::uint64_t first = 0, last = 0;  // inclusive, as HTTP counts
    std::uint64_t length() const { return last - first + 1; }
    bool operator==(const ByteRange&) const = default;
};

// One entry of a ZIP archive's central directory.
struct ZipMember {
    std::string name;
    std::uint64_t packed = 0, size = 0, offset = 0;
    std::uint32_t crc = 0;
    std::uint16_t method = 0, flags = 0;
};

// Reads the RECORD of a wheel from pieces of its end: the directory lies last, and RECORD usually
// right before it. Asks for at most two pieces after the first, whatever the archive says, and never for
// the bytes in between: numpy's RECORD can lie eleven megabytes before the directory.
//
// Strict (APPNOTE 6.3, wheel specification): one archive that ends where the file ends, bounds
// inside it, every name once, RECORD in exactly one top-level .dist-info folder, stored or
// deflated, neither encrypted nor larger than 64 MiB, its CRC right. Anything else is zip_malformed.
class WheelTail {
public:
    WheelTail(std::uint64_t file_size, const Inflater& inflater);

    ByteRange first(std::uint64_t guess) const;  // the last `guess` bytes, at least what an empty archive has

    // Takes the bytes of the range last asked for: the next range, or nullopt when RECORD is there.
    Result<std::optional<ByteRange>> take(ByteRange where, std::string bytes);

    const std::string& record() const { return m_record; }
    const std::string& dist_info() const { return m_dist_info; }  // "numpy-1.26.4.dist-info"
    const std::vector<ZipMember>& members() const { return m_members; }  // without folders' entries

private:
    struct End {
        std::uint64_t entries = 0, size = 0, offset = 0;  // of the directory
        std::uint64_t position = 0;                       // of the first end record: where the directory must stop
    };
    Result<std::optional<ByteRange>> step();
    Result<std::optional<ByteRange>> find_end();
    Result<std::optional<ByteRange>> find_zip64(std::uint64_t eocd);
    Result<std::optional<ByteRange>> read_directory();
    Result<void> parse_directory(std::string_view bytes);
    Result<void> choose_record();
    Result<std::optional<ByteRange>> read_record();
    std::optional<std::string_view> at(std::uint64_t offset, std::uint64_t length) const;
    ByteRange before_window(std::uint64_t first) const { return {first, m_start - 1}; }

    std::uint64_t m_size;
    const Inflater& m_inflater;
    std::string m_window;         // the file from m_start on
    std::uint64_t m_start = 0;
    std::string m_piece;          // one member's bytes, from m_piece_start on
    std::uint64_t m_piece_start = 0;
    std::optional<End> m_end;
    std::vector<ZipMember> m_members;
    ZipMember m_record_member;
    bool m_have_directory = false;
    int m_takes = 0;
    std::string m_record, m_dist_info;
};

}  // namespace envlock::index
