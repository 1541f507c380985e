#pragma once

#include <envlock/ports/inflater.hpp>

#include <memory>

namespace envlock::host {

std::unique_ptr<Inflater> make_inflater();

}  // namespace envlock::host
