#include <envlock/index/known_files.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock::index {
namespace {

constexpr const char* k_bucket = "published";
constexpr std::size_t k_most_lines = 4096;

bool is_hash(std::string_view text) {
    return text.size() == 64 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// One word: what would break the line apart is not kept at all.
bool is_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7F; });
}

}  // namespace

KnownFiles KnownFiles::load(const CacheStore& cache, std::string_view project, std::string_view version) {
    KnownFiles out;
    out.m_key = std::string(project) + "\n" + std::string(version);
    const auto text = cache.get(k_bucket, out.m_key);
    if (!text) return out;
    for (const auto line : split_lines(*text)) {
        const auto words = split(line, ' ');
        if (words.size() == 4 && words[0] == "file" && is_hash(words[3])) {
            out.m_hashes.emplace(std::string(words[1]) + " " + std::string(words[2]), words[3]);
        } else if (words.size() == 5 && words[0] == "proved" && is_hash(words[1]) && is_hash(words[4])) {
            out.m_proofs.emplace(words[1], File{.filename = std::string(words[3]), .sha256 = std::string(words[4]), .index = std::string(words[2])});
        }
    }
    return out;
}

void KnownFiles::store(CacheStore& cache) const {
    if (!m_changed) return;
    std::string text;
    for (const auto& [name, hash] : m_hashes) text.append("file ").append(name).append(" ").append(hash).append("\n");
    for (const auto& [record, file] : m_proofs) {
        text.append("proved ").append(record).append(" ").append(file.index).append(" ").append(file.filename).append(" ").append(file.sha256).append("\n");
    }
    cache.put(k_bucket, m_key, text);
}

std::string KnownFiles::first_hash(const File& file) {
    if (!is_hash(file.sha256) || !is_word(file.filename) || !is_word(file.index)) return file.sha256;
    if (m_hashes.size() >= k_most_lines) return file.sha256;
    const auto [at, fresh] = m_hashes.emplace(file.index + " " + file.filename, file.sha256);
    m_changed |= fresh;
    return at->second;
}

std::optional<KnownFiles::File> KnownFiles::proved(std::string_view record_sha256) const {
    const auto found = m_proofs.find(std::string(record_sha256));
    if (found == m_proofs.end()) return std::nullopt;
    return found->second;
}

void KnownFiles::remember_proof(std::string_view record_sha256, const File& file) {
    if (!is_hash(record_sha256) || !is_hash(file.sha256) || !is_word(file.filename) || !is_word(file.index) || m_proofs.size() >= k_most_lines) return;
    m_changed |= m_proofs.emplace(record_sha256, file).second;
}

}  // namespace envlock::index
