#pragma once

#include <envlock/base/digest.hpp>
#include <envlock/ports/tree_hasher.hpp>

namespace envlock::test {

// A TreeHasher over any FileTree, one file after the other, without a cache.
class SimpleHasher final : public TreeHasher {
public:
    explicit SimpleHasher(const FileTree& files) : m_files(files) {}
    std::vector<HashOutcome> hash(std::span<const HashRequest> requests, Freshness) override {
        std::vector<HashOutcome> out;
        for (const auto& request : requests) out.push_back(one(request));
        return out;
    }

private:
    HashOutcome one(const HashRequest& request) const {
        HashOutcome out;
        const auto own = m_files.info(request.path);
        if (!own) return out.state = HashState::missing, out;
        out.via_symlink = own->kind == FileKind::symlink;
        const auto real = m_files.real_path(request.path);
        if (!real) return out.state = HashState::missing, out;
        out.info = *m_files.info(*real);
        if (out.info.kind != FileKind::regular) return out.state = HashState::not_regular, out;
        if (request.max_size >= 0 && out.info.size > static_cast<std::uint64_t>(request.max_size)) return out.state = HashState::too_large, out;
        auto hasher = Hasher::create(request.algorithm);
        if (!hasher) return out.state = HashState::unsupported, out;
        const auto text = m_files.read(request.path, SIZE_MAX);
        if (!text) return out.state = HashState::unreadable, out;
        hasher->update(*text);
        out.digest = hasher->finish();
        out.state = HashState::hashed;
        return out;
    }
    const FileTree& m_files;
};

}  // namespace envlock::test
