#include <envlock/index/wheel_tail.hpp>

#include <algorithm>
#include <limits>

namespace envlock::index {
namespace {

constexpr std::uint64_t k_eocd = 22, k_locator = 20, k_eocd64 = 56, k_entry = 46, k_local = 30;
constexpr std::uint64_t k_most_comment = 65'535;
constexpr std::uint64_t k_most_directory = 32U << 20U, k_most_entries = 200'000;
constexpr std::uint64_t k_most_record = 64U << 20U, k_most_ratio = 1000;
constexpr std::uint64_t k_most_extra = 64;  // of a local header; longer is asked for again
constexpr int k_most_takes = 3;

auto malformed(std::string detail) { return fail(ErrorCode::zip_malformed, "wheel", std::move(detail)); }

template <class T>
T number(std::string_view bytes, std::size_t at) {
    T out = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) out = static_cast<T>(static_cast<T>(out << 8U) | static_cast<unsigned char>(bytes[at + i]));
    return out;
}
std::uint16_t u16(std::string_view bytes, std::size_t at) { return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) | (static_cast<unsigned char>(bytes[at + 1]) << 8U)); }
std::uint32_t u32(std::string_view bytes, std::size_t at) { return number<std::uint32_t>(bytes, at); }
std::uint64_t u64(std::string_view bytes, std::size_t at) { return number<std::uint64_t>(bytes, at); }

// The ZIP64 field of a directory entry: only what does not fit in 32 bits is in it, in this order.
bool read_zip64_extra(std::string_view extra, ZipMember& member) {
    constexpr auto k_full = std::numeric_limits<std::uint32_t>::max();
    if (member.size != k_full && member.packed != k_full && member.offset != k_full) return true;
    while (extra.size() >= 4) {
        const auto id = u16(extra, 0), length = u16(extra, 2);
        extra.remove_prefix(4);
        if (length > extra.size()) return false;
        auto field = extra.substr(0, length);
        extra.remove_prefix(length);
        if (id != 1) continue;
        for (auto* value : {&member.size, &member.packed, &member.offset}) {
            if (*value != k_full) continue;
            if (field.size() < 8) return false;
            *value = u64(field, 0);
            field.remove_prefix(8);
        }
        return true;
    }
    return false;
}

bool is_record(std::string_view name) {
    constexpr std::string_view k_ending = ".dist-info/RECORD";
    return name.size() > k_ending.size() && name.ends_with(k_ending) && name.find('/') == name.size() - 7;
}

}  // namespace

WheelTail::WheelTail(std::uint64_t file_size, const Inflater& inflater) : m_size(file_size), m_inflater(inflater), m_start(file_size) {}

ByteRange WheelTail::first(std::uint64_t guess) const {
    const auto length = std::min(std::max(guess, k_eocd), m_size);
    return {m_size - length, m_size == 0 ? 0 : m_size - 1};
}

std::optional<std::string_view> WheelTail::at(std::uint64_t offset, std::uint64_t length) const {
    const auto inside = [&](std::uint64_t start, std::string_view bytes) -> std::optional<std::string_view> {
        if (offset < start || offset - start > bytes.size() || length > bytes.size() - (offset - start)) return std::nullopt;
        return bytes.substr(offset - start, length);
    };
    if (auto found = inside(m_start, m_window)) return found;
    return inside(m_piece_start, m_piece);
}

Result<std::optional<ByteRange>> WheelTail::take(ByteRange where, std::string bytes) {
    if (m_size < k_eocd) return malformed("too short for an archive");
    if (bytes.size() != where.length() || where.last >= m_size) return malformed("a piece of the wrong length");
    if (++m_takes > k_most_takes) return malformed("its parts are spread too widely");
    if (where.last + 1 == m_start) {
        m_window.insert(0, bytes);
        m_start = where.first;
    } else {
        m_piece = std::move(bytes);
        m_piece_start = where.first;
    }
    auto next = ENVLOCK_TRY(step());
    if (next && m_takes >= k_most_takes) return malformed("its parts are spread too widely");
    return next;
}

Result<std::optional<ByteRange>> WheelTail::step() {
    if (!m_end) {
        if (auto next = ENVLOCK_TRY(find_end())) return next;
    }
    if (!m_have_directory) {
        if (auto next = ENVLOCK_TRY(read_directory())) return next;
    }
    return read_record();
}

// The end record closes the file: its comment is exactly what follows it.
Result<std::optional<ByteRange>> WheelTail::find_end() {
    for (auto position = m_window.size() - k_eocd + 1; position-- > 0;) {
        const auto behind = m_window.size() - position - k_eocd;
        if (behind > k_most_comment) break;
        if (m_window.compare(position, 4, "PK\x05\x06") != 0 || u16(m_window, position + 20) != behind) continue;
        const std::string_view record = std::string_view(m_window).substr(position, k_eocd);
        if (u16(record, 4) != 0 || u16(record, 6) != 0 || u16(record, 8) != u16(record, 10)) {
            if (u16(record, 4) != 0xFFFF && u16(record, 8) != 0xFFFF) return malformed("an archive in several parts");
        }
        End end{.entries = u16(record, 10), .size = u32(record, 12), .offset = u32(record, 16), .position = m_start + position};
        const bool wide = end.entries == 0xFFFF || end.size == 0xFFFFFFFF || end.offset == 0xFFFFFFFF;
        if (wide) return find_zip64(m_start + position);
        m_end = end;
        return std::nullopt;
    }
    // A comment may push the record out of a small window; one look at the whole reach settles it.
    const auto reach = std::min(m_size, k_eocd + k_most_comment);
    if (m_window.size() < reach) return before_window(m_size - reach);
    return malformed("no end of an archive at its end");
}

Result<std::optional<ByteRange>> WheelTail::find_zip64(std::uint64_t eocd) {
    if (eocd < k_locator + k_eocd64) return malformed("no room for its ZIP64 records");
    const auto locator = at(eocd - k_locator, k_locator);
    if (!locator) return before_window(eocd - k_locator - k_eocd64);
    if (!locator->starts_with("PK\x06\x07")) {
        // 65,535 entries exactly, or a directory at that very offset, need no ZIP64.
        const auto record = *at(eocd, k_eocd);
        m_end = End{.entries = u16(record, 10), .size = u32(record, 12), .offset = u32(record, 16), .position = eocd};
        return std::nullopt;
    }
    const auto position = u64(*locator, 8);
    if (position > eocd - k_locator - k_eocd64) return malformed("its ZIP64 record lies outside");
    const auto record = at(position, k_eocd64);
    if (!record) {
        if (position >= m_start) return malformed("its ZIP64 record lies outside");
        return before_window(position);
    }
    if (!record->starts_with("PK\x06\x06")) return malformed("no ZIP64 record where it is announced");
    if (u32(*record, 16) != 0 || u32(*record, 20) != 0 || u64(*record, 24) != u64(*record, 32)) return malformed("an archive in several parts");
    m_end = End{.entries = u64(*record, 32), .size = u64(*record, 40), .offset = u64(*record, 48), .position = position};
    return std::nullopt;
}

Result<std::optional<ByteRange>> WheelTail::read_directory() {
    const auto& end = *m_end;
    if (end.entries > k_most_entries || end.size > k_most_directory) return malformed("a directory larger than a wheel's");
    if (end.size > end.position || end.offset != end.position - end.size) return malformed("its directory is not where it is announced");
    if (end.entries * k_entry > end.size) return malformed("its directory is shorter than its entries");
    const auto bytes = at(end.offset, end.size);
    if (!bytes) {
        const auto slack = std::min(end.offset, end.entries * 50 + 1024);  // RECORD usually lies there
        return before_window(std::min(end.offset - slack, m_start - 1));
    }
    ENVLOCK_CHECK(parse_directory(*bytes));
    ENVLOCK_CHECK(choose_record());
    m_have_directory = true;
    return std::nullopt;
}

Result<void> WheelTail::parse_directory(std::string_view bytes) {
    m_members.clear();
    for (std::uint64_t i = 0; i < m_end->entries; ++i) {
        if (bytes.size() < k_entry || !bytes.starts_with("PK\x01\x02")) return malformed("an entry of its directory is damaged");
        ZipMember member{.packed = u32(bytes, 20), .size = u32(bytes, 24), .offset = u32(bytes, 42), .crc = u32(bytes, 16), .method = u16(bytes, 10), .flags = u16(bytes, 8)};
        const std::size_t name = u16(bytes, 28), extra = u16(bytes, 30), comment = u16(bytes, 32);
        if (bytes.size() - k_entry < name + extra + comment) return malformed("an entry of its directory is cut off");
        member.name = bytes.substr(k_entry, name);
        if (!read_zip64_extra(bytes.substr(k_entry + name, extra), member)) return malformed("an entry without its ZIP64 sizes");
        if (member.offset > m_end->offset || member.packed > m_end->offset - member.offset) return malformed("a member outside of the archive");
        bytes.remove_prefix(k_entry + name + extra + comment);
        if (!member.name.ends_with('/')) m_members.push_back(std::move(member));
    }
    if (!bytes.empty()) return malformed("bytes behind the last entry of its directory");
    std::vector<std::string_view> names;
    names.reserve(m_members.size());
    for (const auto& member : m_members) names.push_back(member.name);
    std::ranges::sort(names);
    if (std::adjacent_find(names.begin(), names.end()) != names.end()) return malformed("a name stands twice in its directory");
    return {};
}

Result<void> WheelTail::choose_record() {
    const ZipMember* found = nullptr;
    for (const auto& member : m_members) {
        if (!is_record(member.name)) continue;
        if (found != nullptr) return malformed("more than one .dist-info folder");
        found = &member;
    }
    if (found == nullptr) return malformed("no .dist-info/RECORD");
    if ((found->flags & 1U) != 0) return malformed("RECORD is encrypted");
    if (found->method != 0 && found->method != 8) return malformed("RECORD is compressed in an unknown way");
    if (found->size > k_most_record || found->size / k_most_ratio > found->packed) return malformed("RECORD unpacks to far too much");
    if (found->method == 0 && found->size != found->packed) return malformed("RECORD is stored with two sizes");
    m_record_member = *found;
    m_dist_info = found->name.substr(0, found->name.find('/'));
    return {};
}

Result<std::optional<ByteRange>> WheelTail::read_record() {
    const auto& member = m_record_member;
    // The member alone, never what lies between it and the window.
    const auto ask = [&](std::uint64_t length) -> std::optional<ByteRange> {
        const auto stop = std::min(member.offset + length, m_end->offset);
        return ByteRange{member.offset, stop - 1};
    };
    const auto usual = k_local + member.name.size() + k_most_extra + member.packed;
    const auto header = at(member.offset, k_local);
    if (!header) {
        if (m_end->offset - member.offset < k_local) return malformed("RECORD has no room");
        return ask(usual);
    }
    if (!header->starts_with("PK\x03\x04") || u16(*header, 26) != member.name.size()) return malformed("RECORD is not where its directory says");
    const auto before = k_local + member.name.size() + u16(*header, 28);
    if (m_end->offset - member.offset < before || m_end->offset - member.offset - before < member.packed) return malformed("RECORD reaches into the directory");
    const auto whole = at(member.offset, before + member.packed);
    if (!whole) return ask(before + member.packed);
    if (whole->substr(k_local, member.name.size()) != member.name) return malformed("RECORD has another name in its own header");
    const auto packed = whole->substr(before);
    m_record = member.method == 0 ? std::string(packed) : ENVLOCK_TRY(m_inflater.inflate(packed, member.size));
    if (m_inflater.crc32(m_record) != member.crc) return malformed("RECORD does not fit its checksum");
    return std::nullopt;
}

}  // namespace envlock::index
