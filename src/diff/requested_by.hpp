#pragma once

#include <envlock/model/snapshot.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace envlock::diff_detail {

// Who asks for a distribution, read from the "requires" facts.
class Requesters {
public:
    // The later environment decides; where it does not know a distribution, the earlier one does.
    Requesters(const LayerSnapshot* after, const LayerSnapshot* before);

    // The shortest way from `key` up to something that is required directly (or that nobody
    // requires), nearest first and without `key` itself. Empty when it is that itself.
    std::vector<std::string> chain(std::string_view key, const std::vector<std::string>& direct) const;

private:
    std::map<std::string, std::set<std::string>, std::less<>> m_by;  // name → who requires it
};

}  // namespace envlock::diff_detail
