#pragma once

#include <envlock/model/snapshot.hpp>

#include <string>

namespace envlock::diff_detail {

// Whether a note was learned from the index: two sides can be compared by it only when both asked.
bool is_upstream_note(const Note& note);
bool asked_index(const LayerSnapshot& layer);

// True when `layer` has the note, whatever its detail. A file that was published with a wrong hash
// (PY025) is, to a side that did not ask the index, the same file with the same hash as PY010.
bool has_note(const LayerSnapshot& layer, const Note& wanted);

// "GitHub a/b release.yml" → "GitHub c/d release.yml" for two files of one project, when the index
// was asked for the publisher on both sides and `before` had one; equal texts: no change.
struct PublisherChange {
    std::string before, after;
};
PublisherChange publisher_change(const Component& before, const Component& after);

}  // namespace envlock::diff_detail
