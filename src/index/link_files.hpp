#pragma once

#include <envlock/index/project_page.hpp>

#include <string_view>
#include <vector>

namespace envlock::index {

// Every package file that a page links to, with what its anchors say. `base_url` is where the page lies:
// one that came by http cannot name a local file; a local one ("file:///…") can.
std::vector<PublishedFile> files_of_links(const HtmlLinks& links, std::string_view base_url);

}  // namespace envlock::index
