#pragma once

#include <envlock/ports/cache_store.hpp>

#include <string>

namespace envlock::host {

// A CacheStore in a folder of its own (made when first needed, for this user only): one file per
// value, named by the SHA-256 of its key and carrying a checksum. Files of other users are not read.
// An empty folder name keeps nothing. May be used from several threads.
class FolderCache final : public CacheStore {
public:
    explicit FolderCache(std::string dir) : m_dir(std::move(dir)) {}
    std::optional<std::string> get(std::string_view bucket, std::string_view key) const override;
    void put(std::string_view bucket, std::string_view key, std::string_view value) override;

private:
    std::string m_dir;
};

}  // namespace envlock::host
