#pragma once

#include <envlock/ports/cache_store.hpp>

namespace envlock::host {

// A folder of small files, one a value, each with a checksum. Private to the user (mode 0700).
class FolderCache final : public CacheStore {
public:
    explicit FolderCache(std::string folder) : m_folder(std::move(folder)) {}
    std::optional<std::string> get(std::string_view bucket, std::string_view key) const override;
    void put(std::string_view bucket, std::string_view key, std::string_view value) override;

private:
    std::string m_folder;
};

}  // namespace envlock::host
