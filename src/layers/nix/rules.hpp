#pragma once

#include "layers/nix/flake_lock.hpp"

#include <envlock/layer/layer.hpp>

namespace envlock::nix {

// One row of the layer for one input of the lock.
Component input_component(const ProbeContext& context, const FlakeInput& input);

// NIX002 and NIX003: a lock that git does not track is not seen by Nix, which then pins anew.
void check_git(const ProbeContext& context, std::string_view lock_name, std::vector<Note>& notes);

// NIX007: where the links of the playground's interpreter end.
void check_interpreter(const ProbeContext& context, std::vector<Note>& notes);

// NIX009: an empty element is the current folder.
void check_library_path(const ProbeContext& context, std::vector<Note>& notes);

// True when Nix code names a channel ("<nixpkgs>") outside comments and strings.
bool names_a_channel(std::string_view nix_code);

}  // namespace envlock::nix
