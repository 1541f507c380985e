#pragma once

#include <envlock/layer/layer.hpp>

namespace envlock {

// Every ELF object in the playground and, for each library it needs, who would provide it under
// the loader of the playground's own interpreter. Nothing is loaded or started.
// One component a distribution ("unowned" for files no RECORD names), and "loader".
// At Level::metadata no file is opened: unobservable. Without a playground: absent.
Result<LayerSnapshot> probe_native(const ProbeContext& context);

}  // namespace envlock
