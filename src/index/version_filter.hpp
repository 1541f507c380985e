#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace envlock::index {

// "Is this file of the version asked for?" Equal text is equal; other spellings are normalised by
// PEP 440 once each, since a page may hold thousands of files with few spellings.
class VersionFilter {
public:
    VersionFilter(std::string_view project, std::string_view version);
    // True for every file when no version was given.
    bool keeps(std::string_view filename);

private:
    bool keeps_legacy(std::string_view filename) const;
    bool equal(std::string_view spelling);

    std::string m_project, m_version;
    std::optional<std::string> m_key;  // PEP 440 key; nullopt: a legacy version, compared as text
    std::unordered_map<std::string, bool> m_known;
};

}  // namespace envlock::index
