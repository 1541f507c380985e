#pragma once

#include <envlock/layer/layer.hpp>

namespace envlock {

// The `python` layer: the interpreter, every installed distribution with its files checked
// against RECORD, and what runs when the interpreter starts. Nothing of it is executed.
// Without a playground: Presence::absent.
Result<LayerSnapshot> probe_python(const ProbeContext& context);

}  // namespace envlock
