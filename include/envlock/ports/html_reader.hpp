#pragma once

#include <envlock/base/result.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace envlock {

struct HtmlAnchor {
    std::map<std::string, std::string> attributes;  // names lower case, values unescaped
    std::string text;
};

struct HtmlLinks {
    std::string base;                          // href of <base>, or ""
    std::map<std::string, std::string> metas;  // name → content
    std::vector<HtmlAnchor> anchors;           // in document order
};

// Reads the links of an HTML page as a browser would see them; scripts are not run.
class HtmlReader {
public:
    virtual ~HtmlReader() = default;
    virtual Result<HtmlLinks> links(std::string_view html) const = 0;
};

}  // namespace envlock
