#pragma once

#include <envlock/ports/clock.hpp>

#include <ctime>

namespace envlock::host {

class SystemClock final : public Clock {
public:
    std::int64_t now_seconds() const override { return std::int64_t{std::time(nullptr)}; }
};

}  // namespace envlock::host
