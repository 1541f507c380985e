#include "layers/python/published.hpp"

namespace envlock::python {

void look_up_published(const ProbeContext&, const std::string&, std::vector<Distribution>& distributions, std::vector<Note>& notes) {
    bool any = false;
    for (auto& each : distributions) {
        if (each.source != "index") continue;
        each.component.evidence = Evidence::unverified;
        any = true;
    }
    if (any) notes.push_back({"", "", "index", "this build cannot ask an index"});
}

}  // namespace envlock::python
