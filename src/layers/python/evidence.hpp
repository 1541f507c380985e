#pragma once

#include "layers/python/distribution.hpp"

#include <envlock/index/match.hpp>
#include <envlock/index/prover.hpp>

namespace envlock::python {

// Foreign text for a fact or a note: one line, 300 bytes at most, nothing hidden in it.
std::string clean_line(std::string_view text);

// Writes down what the tags say: the weaker half of the ladder.
void settle_by_tags(Distribution& distribution, const index::Match& match);

// Writes down what comparing RECORDs showed. Nothing is taken back where no RECORD could be read.
void settle_by_proof(Distribution& distribution, const index::Match& match, const index::Proof& proof, std::vector<Note>& notes);

// The published file that is installed, as proved now or in an earlier run.
void set_proved(Distribution& distribution, const index::PublishedFile& file);

// With the wheel's own checksums at hand: tells files that were published with a wrong hash from
// those that changed after installation. The note about the former is replaced.
void explain_modified(const ProbeContext& context, Distribution& distribution, const std::map<std::string, index::ZipMember>& members, std::vector<Note>& notes);

}  // namespace envlock::python
