#pragma once

#include <envlock/ports/html_reader.hpp>

#include <memory>

namespace envlock::host {

std::unique_ptr<HtmlReader> make_html_reader();

}  // namespace envlock::host
