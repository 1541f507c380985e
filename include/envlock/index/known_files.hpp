#pragma once

#include <envlock/ports/cache_store.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace envlock::index {

// What earlier runs learned about the files of one version. A published file never changes: another
// sha256 behind the same name on the same index is an alarm, and what was proved once stays proved.
class KnownFiles {
public:
    struct File {
        std::string filename, sha256, index;
    };

    static KnownFiles load(const CacheStore& cache, std::string_view project, std::string_view version);
    void store(CacheStore& cache) const;  // when something is new

    // The hash seen first for this file of this index, after noting this one.
    std::string first_hash(const File& file);

    // The wheel that an installed RECORD with these bytes was proved to be.
    std::optional<File> proved(std::string_view record_sha256) const;
    void remember_proof(std::string_view record_sha256, const File& file);

private:
    std::string m_key;
    std::map<std::string, std::string> m_hashes;  // "index filename" → sha256
    std::map<std::string, File> m_proofs;         // sha256 of the installed RECORD → wheel
    bool m_changed = false;
};

}  // namespace envlock::index
