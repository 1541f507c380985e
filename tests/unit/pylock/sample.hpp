#pragma once

#include "support/catch.hpp"

#include <envlock/pylock/lock.hpp>
#include <envlock/pylock/need.hpp>

#include <algorithm>
#include <map>

namespace envlock::test {

inline const std::string k_a(64, 'a'), k_b(64, 'b');

inline pylock::ReadFile no_files() {
    return [](const std::string& path) -> Result<std::string> { return fail(ErrorCode::file_missing, path); };
}

inline pylock::ReadFile files_of(std::map<std::string, std::string> files) {
    return [files = std::move(files)](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        return found == files.end() ? Result<std::string>(fail(ErrorCode::file_missing, path)) : Result<std::string>(found->second);
    };
}

inline Result<pylock::ProjectLock> try_lock(const std::string& name, const std::string& text, const pylock::ReadFile& read = no_files()) {
    return pylock::parse_lock(*pylock::lock_kind(name), text, name, read);
}

inline pylock::ProjectLock read_lock(const std::string& name, const std::string& text, const pylock::ReadFile& read = no_files()) {
    auto lock = try_lock(name, text, read);
    INFO(name << (lock ? "" : ": " + to_line(lock.error())));
    REQUIRE(lock);
    return *std::move(lock);
}

inline const pylock::LockedPackage& package(const pylock::ProjectLock& lock, const std::string& name) {
    const auto found = std::ranges::find(lock.packages, name, &pylock::LockedPackage::name);
    INFO(name);
    REQUIRE(found != lock.packages.end());
    return *found;
}

inline pylock::MarkerEnvironment linux_311() {
    return {.variables = {{"python_version", "3.11"}, {"python_full_version", "3.11.7"}, {"os_name", "posix"}, {"sys_platform", "linux"},
                          {"platform_system", "Linux"}, {"platform_machine", "x86_64"}, {"platform_python_implementation", "CPython"},
                          {"implementation_name", "cpython"}, {"implementation_version", "3.11.7"}}, .extras = {}, .dependency_groups = {}};
}

// "name version: need" for each package.
inline std::vector<std::string> needs(const pylock::ProjectLock& lock, const pylock::MarkerEnvironment& environment = linux_311()) {
    constexpr const char* k_words[]{"not here", "optional", "unknown", "needed"};
    std::vector<std::string> out;
    const auto found = pylock::find_needs(lock, environment);
    for (std::size_t i = 0; i < found.size(); ++i) {
        out.push_back(lock.packages[i].name + " " + lock.packages[i].version + ": " + k_words[static_cast<int>(found[i])]);
    }
    return out;
}

}  // namespace envlock::test
