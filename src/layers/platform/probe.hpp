#pragma once

#include <envlock/layer/layer.hpp>

namespace envlock::platform {

// The host below everything: operating system, architecture, C library, distribution, kernel, and
// the environment variables (from a list) that change what Python loads. Read from files alone,
// so that another machine's root shows that machine. Values lose folders that name a person.
Result<LayerSnapshot> probe_platform(const ProbeContext& context);

}  // namespace envlock::platform
