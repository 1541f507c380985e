#pragma once

#include <envlock/ports/file_tree.hpp>

#include <optional>
#include <vector>

namespace envlock::elf {

// Random access to a file through a few remembered blocks, so that walking tables that lie close
// together costs one read. Out of range is nullopt, and so is a file that shrank meanwhile.
class ByteWindow {
public:
    explicit ByteWindow(const OpenFile& file) : m_file(file), m_size(file.size()) {}

    std::uint64_t size() const { return m_size; }
    void set_big_endian(bool big) { m_big = big; }

    std::optional<std::string_view> bytes(std::uint64_t offset, std::size_t length) {
        if (offset > m_size || length > m_size - offset) return std::nullopt;
        for (std::size_t i = m_blocks.size(); i-- > 0;) {
            const auto& block = m_blocks[i];
            if (offset >= block.offset && offset - block.offset <= block.text.size() && length <= block.text.size() - (offset - block.offset)) {
                return std::string_view(block.text).substr(offset - block.offset, length);
            }
        }
        return load(offset, length);
    }

    template <class T>
    std::optional<T> number(std::uint64_t offset) {
        const auto raw = bytes(offset, sizeof(T));
        if (!raw) return std::nullopt;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            const auto byte = static_cast<unsigned char>((*raw)[m_big ? i : sizeof(T) - 1 - i]);
            value = value << 8U | byte;
        }
        return static_cast<T>(value);
    }

    // Up to the first NUL within `longest` bytes; nullopt when there is none.
    std::optional<std::string> text(std::uint64_t offset, std::uint64_t longest) {
        std::string out;
        while (out.size() < longest) {
            const auto at = offset + out.size();
            if (at < offset || at >= m_size) return std::nullopt;
            const auto piece = bytes(at, static_cast<std::size_t>(std::min<std::uint64_t>({longest - out.size(), m_size - at, 64})));
            if (!piece) return std::nullopt;
            const auto end = piece->find('\0');
            out += piece->substr(0, end);
            if (end != std::string_view::npos) return out;
        }
        return std::nullopt;
    }

private:
    struct Block {
        std::uint64_t offset;
        std::string text;
    };

    std::optional<std::string_view> load(std::uint64_t offset, std::size_t length) {
        constexpr std::uint64_t k_block = 4'096;
        constexpr std::size_t k_most_blocks = 16;
        const auto start = offset / k_block * k_block;
        const auto wanted = std::max<std::uint64_t>(offset - start + length, k_block);
        auto text = m_file.read_at(start, static_cast<std::size_t>(std::min(wanted, m_size - start)));
        if (!text) return std::nullopt;
        if (m_blocks.size() == k_most_blocks) m_blocks.erase(m_blocks.begin());
        m_blocks.push_back({start, *std::move(text)});
        return std::string_view(m_blocks.back().text).substr(offset - start, length);
    }

    const OpenFile& m_file;
    std::uint64_t m_size;
    bool m_big = false;
    std::vector<Block> m_blocks;
};

}  // namespace envlock::elf
