#pragma once

#include <envlock/index/project_page.hpp>

namespace envlock::index {

// What an installed distribution says about itself.
struct InstalledFacts {
    std::string name, version;
    std::vector<std::string> tags;  // of WHEEL, expanded, lower case, sorted, unique
    std::string build;
    std::string metadata_sha256;  // hex, of the installed METADATA; "" = not known
    std::string generator;
};

struct Match {
    std::string evidence;  // "consistent", "probable", "ambiguous", "built-from-source", "vanished"
    std::vector<PublishedFile> candidates;  // sorted by file name; one unless ambiguous or vanished
    bool yanked = false;
    std::string yanked_reason;
    // Wheels worth comparing by RECORD, in the order to try: the first `same_tags` have the installed
    // tags; without such a one, those for the same Python and ABI (a wheel may have been retagged).
    std::vector<PublishedFile> wheels;
    std::size_t same_tags = 0;
    std::vector<PublishedFile> sources;  // source distributions of the version
};

// Which published file the installed one may be, by version, tags and METADATA, without reading any
// file of the index. Tags must be equal as sets; the build tag orders candidates and never excludes
// one, since a wheel's metadata may leave it out.
Match match_published(const InstalledFacts& installed, const ProjectPage& page);

}  // namespace envlock::index
