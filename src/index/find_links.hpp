#pragma once

#include <envlock/index/config.hpp>
#include <envlock/index/project_page.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

// The package files of one find-links place, found by project.
class Listing {
public:
    void add(PublishedFile file);
    bool full() const { return m_count >= k_most_files; }
    // Of this version; what only begins like the project's name is another's.
    std::vector<PublishedFile> files_of(const std::string& normalized_name, std::string_view version) const;

private:
    static constexpr std::size_t k_most_files = 200'000;
    std::map<std::string, std::vector<PublishedFile>> m_wheels;
    // A source archive's name alone does not say where the project's name ends: found by what stands before a '-'.
    std::map<std::string, std::vector<PublishedFile>> m_archives;
    std::size_t m_count = 0;
};

// A folder's package files and the links of its HTML pages, or the links of one HTML page, or one file.
// Only names are read; hash_local_file tells the rest of the files that are wanted. A place with more files
// than anybody looks through is an Error: what was cut off must not count as "not there".
Result<Listing> list_local(const FileTree& files, const HtmlReader& html, const LinksPlace& place);

// The files that a page of links names, whatever their projects; of a local page ("file:///…") local files too.
Result<Listing> list_page(const ProjectPage& page, const std::string& shown);

// Size and SHA-256 of a local file, unless it is no regular file or larger than any wheel.
void hash_local_file(const FileTree& files, PublishedFile& file);

}  // namespace envlock::index
