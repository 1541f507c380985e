#pragma once

#include "layers/python/path_names.hpp"

#include <envlock/layer/playground.hpp>

namespace envlock::python {

// The component "python": version, build and ABI of the interpreter the playground starts.
Component describe_interpreter(const Playground& playground, const PathNames& names);

}  // namespace envlock::python
