#pragma once

#include <envlock/elf/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace envlock::native {

// "GLIBC_2.34" with prefix "GLIBC_" → {2, 34}; nullopt for GLIBC_PRIVATE and other names.
std::optional<std::vector<int>> version_numbers(std::string_view name, std::string_view prefix);

// The newest of the versions with that prefix, "2.34", or "".
class Newest {
public:
    explicit Newest(std::string prefix) : m_prefix(std::move(prefix)) {}
    void take(std::string_view name);
    std::string text() const;
    const std::vector<int>& numbers() const { return m_numbers; }

private:
    std::string m_prefix;
    std::vector<int> m_numbers;
};

// Which versions of a provider are missing for an object, provider by provider remembered.
class VersionCheck {
public:
    // The needed versions of `library` that `provider` does not define. A provider without any
    // definitions is not judged.
    std::vector<std::string> missing(const elf::ElfObject& object, const std::string& library, const elf::ElfObject& provider);
    // "GLIBC_2.36": the newest of the provider with the same prefix as `version`, or "".
    static std::string newest_like(const elf::ElfObject& provider, std::string_view version);

private:
    std::unordered_map<const elf::ElfObject*, std::unordered_set<std::string>> m_definitions;
};

}  // namespace envlock::native
