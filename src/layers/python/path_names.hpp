#pragma once

#include <envlock/layer/layer.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace envlock::python {

// Writes $VENV, $PROJECT and $HOME for the places that differ between machines and say who
// somebody is.
class PathNames {
public:
    PathNames(const ProbeContext& context, std::string_view venv_prefix);
    std::string shorten(std::string_view text) const;  // every such path inside the text

private:
    std::vector<std::pair<std::string, std::string_view>> m_names;  // longest first
};

}  // namespace envlock::python
