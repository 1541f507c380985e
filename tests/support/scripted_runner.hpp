#pragma once

#include <envlock/ports/process_runner.hpp>

#include <map>

namespace envlock::test {

// Answers the argv it was given a script for; any other argv is process_not_started.
class ScriptedRunner final : public ProcessRunner {
public:
    ScriptedRunner() = default;
    ScriptedRunner(std::initializer_list<std::pair<const std::vector<std::string>, Output>> script) : m_script(script) {}
    Result<Output> run(const Command& command) const override {
        const auto found = m_script.find(command.argv);
        if (found == m_script.end()) return fail(ErrorCode::process_not_started, command.argv.empty() ? "" : command.argv[0]);
        return found->second;
    }

private:
    std::map<std::vector<std::string>, Output> m_script;
};

}  // namespace envlock::test
