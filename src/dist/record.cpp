#include <envlock/dist/record.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace envlock {
namespace {

constexpr std::size_t k_most_bytes = 64U << 20U;
constexpr std::size_t k_most_rows = 2'000'000;
constexpr std::size_t k_longest_path = 16U << 10U;

constexpr std::array<std::pair<std::string_view, std::size_t>, 13> k_sizes{{
    {"sha256", 32}, {"sha384", 48}, {"sha512", 64}, {"sha224", 28}, {"blake2b", 64}, {"blake2s", 32}, {"sha3_224", 28},
    {"sha3_256", 32}, {"sha3_384", 48}, {"sha3_512", 64}, {"sha1", 20}, {"md5", 16}, {"sha512_256", 32},
}};

// One CSV record at a time. Fields that need no unquoting are views into the text.
class CsvReader {
public:
    explicit CsvReader(std::string_view text) : m_text(text) {}

    // The next record's fields (at most the first three; `count` has them all), or false at the end.
    bool next(std::array<std::string, 3>& fields, std::size_t& count) {
        if (m_at >= m_text.size()) return false;
        count = 0;
        bool more = true;
        while (more) {
            std::string field;
            more = read_field(field);
            if (count < fields.size()) fields[count] = std::move(field);
            ++count;
        }
        return true;
    }

private:
    // Reads one field and its separator; true when the record goes on.
    bool read_field(std::string& out) {
        bool quoted = false;
        if (m_at < m_text.size() && m_text[m_at] == '"') {
            quoted = true;
            ++m_at;
        }
        while (m_at < m_text.size()) {
            auto stop = m_at;
            // A plain loop: find_first_of calls memchr for every character of the text.
            while (stop < m_text.size() && !(quoted ? m_text[stop] == '"' : m_text[stop] == ',' || m_text[stop] == '\n' || m_text[stop] == '\r')) ++stop;
            out.append(m_text.substr(m_at, stop - m_at));
            m_at = stop;
            if (stop == m_text.size()) return false;
            if (quoted) {
                ++m_at;
                if (m_at < m_text.size() && m_text[m_at] == '"') {
                    out += '"';
                    ++m_at;
                } else {
                    quoted = false;
                }
                continue;
            }
            if (m_text[m_at] == ',') {
                ++m_at;
                return true;
            }
            if (m_text[m_at] == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n') ++m_at;
            ++m_at;
            return false;
        }
        return false;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

std::optional<std::string> read_digest(std::string_view text, std::size_t size) {
    auto raw = text.size() == size * 2 ? from_hex(text) : from_base64(text, true);
    if (!raw || raw->size() != size) return std::nullopt;
    return raw;
}

// True when the size field is empty or a number that a file can have.
bool read_size(std::string_view text, std::optional<std::int64_t>& out) {
    text = trim(text);
    if (text.empty()) return true;
    std::int64_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc{} || end != text.data() + text.size() || size < 0) return false;
    out = size;
    return true;
}

RecordRow make_row(std::array<std::string, 3>& fields, std::size_t count) {
    RecordRow row;
    row.path = std::move(fields[0]);
    if (count < 2 || row.path.empty() || row.path.size() > k_longest_path || row.path.find('\0') != std::string::npos) return row;
    if (count > 2 && !read_size(fields[2], row.size)) return row;
    const auto hash = trim(fields[1]);
    if (hash.empty()) {
        row.state = RecordState::unhashed;
        return row;
    }
    const auto equals = hash.find('=');
    if (equals == std::string_view::npos) return row;
    row.algorithm = ascii_lower(hash.substr(0, equals));
    const auto size = digest_size(row.algorithm);
    if (!size) {
        row.state = RecordState::unsupported;
        return row;
    }
    auto digest = read_digest(hash.substr(equals + 1), *size);
    if (!digest) return row;
    row.digest = *std::move(digest);
    row.state = RecordState::hashed;
    return row;
}

}  // namespace

std::optional<std::size_t> digest_size(std::string_view algorithm) {
    const auto* found = std::ranges::find(k_sizes, algorithm, &std::pair<std::string_view, std::size_t>::first);
    if (found == k_sizes.end()) return std::nullopt;
    return found->second;
}

Result<std::vector<RecordRow>> parse_record(std::string_view text, std::string_view subject) {
    if (text.size() > k_most_bytes) return fail(ErrorCode::file_too_large, std::string(subject));
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::vector<RecordRow> rows;
    rows.reserve(std::min<std::size_t>(text.size() / 80, 100'000));
    CsvReader reader(text);
    std::array<std::string, 3> fields;
    std::size_t count = 0;
    while (reader.next(fields, count)) {
        const bool blank = count == 1 && trim(fields[0]).empty();
        if (!blank) rows.push_back(make_row(fields, count));
        if (rows.size() > k_most_rows) return fail(ErrorCode::metadata_malformed, std::string(subject), "too many rows");
        for (auto& field : fields) field.clear();
    }
    return rows;
}

std::optional<std::string> confine_record_path(std::string_view row_path, std::string_view site_dir, std::string_view prefix) {
    if (row_path.empty() || row_path.find_first_of(std::string_view("\\\0", 2)) != std::string_view::npos) return std::nullopt;
    if (row_path.size() > 1 && row_path[1] == ':') return std::nullopt;
    auto path = resolve_lexically(site_dir, row_path);
    // Plain prefix tests: both sides are resolved already, and this runs once a row.
    const auto inside = [&](std::string_view dir) {
        while (dir.size() > 1 && dir.ends_with('/')) dir.remove_suffix(1);
        return !dir.empty() && dir != "/" && path.size() > dir.size() && path.starts_with(dir) && path[dir.size()] == '/';
    };
    if (!inside(site_dir) && !inside(prefix)) return std::nullopt;
    return path;
}

}  // namespace envlock
