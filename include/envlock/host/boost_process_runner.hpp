#pragma once

#include <envlock/ports/process_runner.hpp>

#include <map>

namespace envlock::host {

// Programs by Boost.Process. Of the caller's environment only PATH, HOME and XDG_CONFIG_HOME go on,
// with LC_ALL=C: no key, passphrase or index setting reaches a child.
class BoostProcessRunner final : public ProcessRunner {
public:
    explicit BoostProcessRunner(const std::map<std::string, std::string>& environment);
    Result<Output> run(const Command& command) const override;

private:
    std::map<std::string, std::string> m_environment;
};

}  // namespace envlock::host
