#pragma once

#include <envlock/ports/cache_store.hpp>

#include <map>

namespace envlock::test {

class MemoryCache final : public CacheStore {
public:
    std::optional<std::string> get(std::string_view bucket, std::string_view key) const override {
        const auto found = m_values.find({std::string(bucket), std::string(key)});
        if (found == m_values.end()) return std::nullopt;
        return found->second;
    }
    void put(std::string_view bucket, std::string_view key, std::string_view value) override { m_values[{std::string(bucket), std::string(key)}] = value; }

private:
    std::map<std::pair<std::string, std::string>, std::string> m_values;
};

}  // namespace envlock::test
