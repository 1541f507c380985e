#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

namespace envlock::test {

// Writes a ZIP archive by hand, so that a test can make every field wrong.
class SmallZip {
public:
    struct Member {
        std::string name, text;
        bool deflate = true;
        std::uint32_t crc = 0;       // 0: right
        std::uint16_t flags = 0;
        std::string local_extra;     // of the local header only
        bool zip64 = false;          // its sizes and offset in the ZIP64 field
        std::uint32_t lie_size = 0;  // unpacked size in the directory; 0: right
        std::string local_name;      // "": the same
    };

    void add(std::string name, std::string text, bool deflate = true) { members.push_back({.name = std::move(name), .text = std::move(text), .deflate = deflate, .local_extra = {}, .local_name = {}}); }

    std::string build() const {
        std::string out, directory;
        for (const auto& member : members) {
            const auto packed = member.deflate ? pack(member.text) : member.text;
            const auto crc = member.crc != 0 ? member.crc : static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(member.text.data()), static_cast<uInt>(member.text.size())));
            const auto offset = out.size();
            const auto size = member.lie_size != 0 ? member.lie_size : member.text.size();
            const auto& local = member.local_name.empty() ? member.name : member.local_name;
            out += "PK\x03\x04" + u16(20) + u16(member.flags) + u16(member.deflate ? 8 : 0) + u32(0) + u32(crc) + u32(packed.size()) + u32(size) + u16(local.size()) + u16(member.local_extra.size()) +
                   local + member.local_extra + packed;
            const auto extra = member.zip64 ? u16(1) + u16(24) + u64(size) + u64(packed.size()) + u64(offset) : std::string();
            const std::size_t full = 0xFFFFFFFF;
            directory += "PK\x01\x02" + u16(20) + u16(20) + u16(member.flags) + u16(member.deflate ? 8 : 0) + u32(0) + u32(crc) + u32(member.zip64 ? full : packed.size()) +
                         u32(member.zip64 ? full : size) + u16(member.name.size()) + u16(extra.size()) + u16(0) + u16(0) + u16(0) + u32(0) + u32(member.zip64 ? full : offset) + member.name + extra;
        }
        const auto start = out.size() + padding.size();
        out += padding + directory;
        const auto end64 = out.size();
        if (zip64) {
            out += "PK\x06\x06" + u64(44) + u16(45) + u16(45) + u32(0) + u32(0) + u64(members.size()) + u64(members.size()) + u64(directory.size()) + u64(start + offset_lie);
            out += "PK\x06\x07" + u32(0) + u64(end64) + u32(1);
            out += "PK\x05\x06" + u16(0) + u16(0) + u16(0xFFFF) + u16(0xFFFF) + u32(0xFFFFFFFF) + u32(0xFFFFFFFF) + u16(comment.size()) + comment;
        } else {
            out += "PK\x05\x06" + u16(0) + u16(0) + u16(members.size()) + u16(members.size()) + u32(directory.size()) + u32(start + offset_lie) + u16(comment.size()) + comment;
        }
        return out;
    }

    std::vector<Member> members;
    std::string padding;  // between the last member and the directory
    std::string comment;
    std::size_t offset_lie = 0;
    bool zip64 = false;

private:
    static std::string number(std::uint64_t value, int bytes) {
        std::string out;
        for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
        return out;
    }
    static std::string u16(std::uint64_t value) { return number(value, 2); }
    static std::string u32(std::uint64_t value) { return number(value, 4); }
    static std::string u64(std::uint64_t value) { return number(value, 8); }
    static std::string pack(const std::string& text) {
        z_stream stream{};
        ::deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
        std::string out(::deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
        stream.avail_in = static_cast<uInt>(text.size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        ::deflate(&stream, Z_FINISH);
        out.resize(stream.total_out);
        ::deflateEnd(&stream);
        return out;
    }
};

}  // namespace envlock::test
