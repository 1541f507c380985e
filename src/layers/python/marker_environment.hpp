#pragma once

#include <envlock/layer/playground.hpp>
#include <envlock/pylock/marker.hpp>

namespace envlock::python {

// What environment markers ask about, as far as files tell: the versions from the playground, the
// machine from the header of the interpreter's ELF file. What cannot be read is left out: unknown.
pylock::MarkerEnvironment read_marker_environment(const ProbeContext& context, const Playground& playground, const std::string& full_version);

}  // namespace envlock::python
