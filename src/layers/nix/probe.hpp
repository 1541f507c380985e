#pragma once

#include <envlock/layer/layer.hpp>

namespace envlock::nix {

// The pinned base, as flake.lock (or devenv.lock) says it is: one component an input path, plus
// the dev shell that is running. Nix itself is never run; of the store only names are looked up.
// Rules: NIX001 base not pinned, NIX002 lock not tracked by git, NIX003 lock ignored by git,
// NIX004 lock malformed, NIX005 input not pinned by content, NIX006 merge conflict in the lock,
// NIX007 the playground's Python is gone from the store, NIX008 base from a channel,
// NIX009 empty element in LD_LIBRARY_PATH.
Result<LayerSnapshot> probe_nix(const ProbeContext& context);

}  // namespace envlock::nix
