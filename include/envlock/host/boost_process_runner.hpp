#pragma once

#include <envlock/ports/process_runner.hpp>

#include <map>
#include <string>

namespace envlock::host {

// Runs real programs. Of the environment handed in only PATH, HOME, XDG_CONFIG_HOME
// and TMPDIR reach a child; the rest of what it sees is fixed. A child runs in a process group of its own, and the group
// is killed when time is up, so that helpers it left behind end too. A program ended by signal N
// has exit code 128 + N. May be used from several threads.
class BoostProcessRunner final : public ProcessRunner {
public:
    explicit BoostProcessRunner(const std::map<std::string, std::string>& environment);
    Result<Output> run(const Command& command) const override;

private:
    std::map<std::string, std::string> m_environment;
};

}  // namespace envlock::host
