#pragma once

#include <envlock/base/result.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace envlock {

struct Command {
    std::vector<std::string> argv;  // never a shell line; argv[0] is looked up in PATH unless it has a '/'
    std::chrono::milliseconds limit{10'000};
    std::string directory;          // working directory; "" = the current one
    std::string input;              // standard input
    std::size_t max_output = 16U << 20U;  // per stream; more is an Error
};

struct Output {
    int exit_code = 0;
    std::string out;
    std::string err;
};

// Runs a program with a fixed, small environment (PATH, HOME, LC_ALL=C; no pager, no secrets).
// An Error means it never ran, wrote too much or ran out of time (the child is killed); a program
// that ran and said "no" is an Output with a non-zero exit code. The two are never mixed.
class ProcessRunner {
public:
    virtual ~ProcessRunner() = default;
    virtual Result<Output> run(const Command& command) const = 0;
};

}  // namespace envlock
