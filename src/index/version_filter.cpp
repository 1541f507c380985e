#include "index/version_filter.hpp"

#include <envlock/version/name.hpp>
#include <envlock/version/pep440.hpp>
#include <envlock/version/wheel.hpp>

namespace envlock::index {

VersionFilter::VersionFilter(std::string_view project, std::string_view version) : m_project(project), m_version(version) {
    if (const auto parsed = parse_pep440(version)) m_key = canonical_key(*parsed);
}

bool VersionFilter::keeps(std::string_view filename) {
    if (m_version.empty()) return true;
    if (filename.ends_with(".whl")) {
        const auto first = filename.find('-');
        if (first == std::string_view::npos) return false;
        const auto second = filename.find('-', first + 1);
        return second != std::string_view::npos && equal(filename.substr(first + 1, second - first - 1));
    }
    if (!m_key) return keeps_legacy(filename);
    const auto sdist = parse_sdist_name(filename, m_project);
    return sdist && equal(sdist->version);
}

// "pytz-2004d.tar.gz": a version that is not PEP 440 is found as text only.
bool VersionFilter::keeps_legacy(std::string_view filename) const {
    const auto stem = sdist_stem(filename);
    if (!stem || !stem->ends_with("-" + m_version)) return false;
    return normalize_name(stem->substr(0, stem->size() - m_version.size() - 1)) == m_project;
}

bool VersionFilter::equal(std::string_view spelling) {
    if (spelling == m_version) return true;
    const auto [known, fresh] = m_known.try_emplace(std::string(spelling), false);
    if (!fresh) return known->second;
    const auto parsed = m_key ? parse_pep440(spelling) : std::nullopt;
    known->second = parsed && canonical_key(*parsed) == *m_key;
    return known->second;
}

}  // namespace envlock::index
