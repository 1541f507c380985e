#include "layers/native/object_store.hpp"

#include <envlock/base/path.hpp>

namespace envlock::native {

using elf::Candidate;

const Candidate& ObjectStore::at(const std::string& path) {
    const auto known = m_by_path.find(path);
    if (known != m_by_path.end()) return known->second;
    return m_by_path.emplace(path, look(path)).first->second;
}

std::string ObjectStore::trouble(const std::string& path) {
    const auto& candidate = at(path);
    const auto found = m_troubles.find(candidate.identity);
    return found == m_troubles.end() ? std::string{} : found->second;
}

// Most libraries of a tree share a few folders: each folder's links are followed once.
std::string ObjectStore::real_folder(const std::string& folder) {
    const auto known = m_folders.find(folder);
    if (known != m_folders.end()) return known->second;
    auto real = m_files.real_path(folder);
    return m_folders.emplace(folder, real ? *std::move(real) : std::string{}).first->second;
}

Candidate ObjectStore::look(const std::string& path) {
    const auto folder = real_folder(std::string(parent_path(path)));
    if (folder.empty()) return {};
    const auto plain = join(folder, file_name(path));
    const auto seen = m_files.info(plain);
    if (!seen || seen->kind == FileKind::directory || seen->kind == FileKind::other) return {};
    if (seen->kind == FileKind::regular) return read(plain);
    const auto real = m_files.real_path(plain);
    return real ? read(*real) : Candidate{};
}

Candidate ObjectStore::read(const std::string& real) {
    const auto known = m_by_real.find(real);
    if (known != m_by_real.end()) return known->second;
    Candidate out;
    if (const auto file = m_files.open(real)) {
        out.identity = real;
        auto object = elf::read_object(**file, real);
        if (object) {
            m_objects.push_back(*std::move(object));
            out.state = Candidate::State::found;
            out.object = &m_objects.back();
        } else {
            out.state = Candidate::State::not_elf;
            m_troubles.emplace(real, object.error().detail);
        }
    }
    return m_by_real.emplace(real, out).first->second;
}

}  // namespace envlock::native
