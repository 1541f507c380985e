#pragma once

#include "layers/python/distribution.hpp"

namespace envlock::python {

// Whether a RECORD row may name a startup file: by its name alone.
bool is_startup_file(std::string_view path);

// What the interpreter runs before anything else: .pth files with code, PEP 829 .start files,
// sitecustomize.py and usercustomize.py. Being listed in a RECORD does not make one innocent,
// so owned ones are listed too, with their owner.
std::vector<Component> find_startup_hooks(const ProbeContext& context, const Playground& playground,
                                          const std::vector<Distribution>& distributions, std::vector<Note>& notes);

}  // namespace envlock::python
