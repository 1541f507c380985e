#pragma once

#include <cstdint>
#include <string_view>

namespace envlock {

// How far a long step is; shown as one line on a terminal, nowhere else. `total` 0: not known.
class Progress {
public:
    virtual ~Progress() = default;
    virtual void step(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
};

class SilentProgress final : public Progress {
public:
    void step(std::string_view, std::uint64_t, std::uint64_t) override {}
};

}  // namespace envlock
