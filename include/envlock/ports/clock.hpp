#pragma once

#include <cstdint>

namespace envlock {

class Clock {
public:
    virtual ~Clock() = default;
    virtual std::int64_t now_seconds() const = 0;  // since 1970-01-01T00:00:00Z
};

class FixedClock final : public Clock {
public:
    explicit FixedClock(std::int64_t seconds) : m_seconds(seconds) {}
    std::int64_t now_seconds() const override { return m_seconds; }

private:
    std::int64_t m_seconds;
};

}  // namespace envlock
