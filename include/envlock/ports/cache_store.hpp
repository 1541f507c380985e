#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace envlock {

// Small values by name, kept between runs; deleting them is always safe. `bucket` is a folder
// name ("index", "proof"), `key` any text (hashed by the store). A value that cannot be read
// or is damaged is absent; writing is best effort and atomic.
class CacheStore {
public:
    virtual ~CacheStore() = default;
    virtual std::optional<std::string> get(std::string_view bucket, std::string_view key) const = 0;
    virtual void put(std::string_view bucket, std::string_view key, std::string_view value) = 0;
};

class NoCache final : public CacheStore {
public:
    std::optional<std::string> get(std::string_view, std::string_view) const override { return std::nullopt; }
    void put(std::string_view, std::string_view, std::string_view) override {}
};

}  // namespace envlock
