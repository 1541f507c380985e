#include <envlock/host/boost_process_runner.hpp>

#include <envlock/base/text.hpp>

#include <boost/version.hpp>
// Up to Boost 1.85 the library is header-only and its sources are compiled here, once.
#if BOOST_VERSION < 108600
#define BOOST_PROCESS_V2_SEPARATE_COMPILATION
#endif
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/asio/write.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/start_dir.hpp>
#include <boost/process/v2/stdio.hpp>
#if BOOST_VERSION < 108600
#include <boost/process/v2/src.hpp>
#endif

#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>

namespace envlock::host {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;

struct Reader {
    asio::readable_pipe pipe;
    std::array<char, 16384> piece{};
    std::string text;
};

std::string find_program(const std::string& name, const std::map<std::string, std::string>& environment) {
    if (name.find('/') != std::string::npos) return name;
    const auto path = environment.find("PATH");
    if (path == environment.end()) return {};
    for (const auto folder : split(path->second, ':')) {
        if (!folder.starts_with('/')) continue;  // never the folder that is being inspected
        auto candidate = std::string(folder) + "/" + name;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

// One run: reads both streams, writes the input, and kills the child at the limit or the cap.
class Running {
public:
    Running(const Command& command, const std::vector<std::string>& environment)
        : m_command(command), m_environment(environment), m_out{asio::readable_pipe(m_io)}, m_err{asio::readable_pipe(m_io)}, m_in(m_io), m_timer(m_io) {}

    Result<Output> run(const std::string& program) {
        start(program);
        asio::async_write(m_in, asio::buffer(m_command.input), [this](auto, auto) { close(m_in); });
        receive(m_out);
        receive(m_err);
        m_timer.expires_after(m_command.limit);
        m_timer.async_wait([this](auto problem) {
            if (!problem) stop(m_timed_out);
        });
        m_child->async_wait([this](auto, int) {
            m_exited = true;
            finish_when_done();
        });
        m_io.run();
        if (m_timed_out) return fail(ErrorCode::process_timed_out, m_command.argv[0], std::to_string(m_command.limit.count()) + " ms");
        if (m_too_much) return fail(ErrorCode::process_failed, m_command.argv[0], "it wrote more than " + std::to_string(m_command.max_output) + " bytes");
        return Output{.exit_code = m_child->exit_code(), .out = std::move(m_out.text), .err = std::move(m_err.text)};
    }

private:
    // Leaving this function closes our copies of the child's ends, so that the end of a stream shows.
    void start(const std::string& program) {
        const std::vector<std::string> arguments(m_command.argv.begin() + 1, m_command.argv.end());
        // The initializers must not be const: the launcher silently skips those whose steps it cannot call.
        process::process_stdio streams{m_in, m_out.pipe, m_err.pipe};
        process::process_environment variables(m_environment);
        if (m_command.directory.empty()) m_child.emplace(m_io, program, arguments, streams, variables);
        else m_child.emplace(m_io, program, arguments, streams, variables, process::process_start_dir(m_command.directory));
    }
    template <class Pipe>
    static void close(Pipe& pipe) {
        boost::system::error_code ignored;
        pipe.close(ignored);
    }
    void receive(Reader& reader) {
        reader.pipe.async_read_some(asio::buffer(reader.piece), [this, &reader](auto problem, std::size_t size) {
            reader.text.append(reader.piece.data(), size);
            if (reader.text.size() > m_command.max_output) return stop(m_too_much);
            if (!problem) return receive(reader);
            ++m_closed;
            finish_when_done();
        });
    }
    void finish_when_done() {
        if (m_exited && m_closed == 2) m_timer.cancel();
    }
    void stop(bool& why) {
        why = true;
        boost::system::error_code ignored;
        m_child->terminate(ignored);
        m_io.stop();
    }

    const Command& m_command;
    const std::vector<std::string>& m_environment;  // "NAME=value"
    asio::io_context m_io;
    Reader m_out, m_err;
    asio::writable_pipe m_in;
    asio::steady_timer m_timer;
    std::optional<process::process> m_child;
    bool m_timed_out = false, m_too_much = false, m_exited = false;
    int m_closed = 0;
};

}  // namespace

BoostProcessRunner::BoostProcessRunner(const std::map<std::string, std::string>& environment) {
    for (const auto* name : {"PATH", "HOME", "XDG_CONFIG_HOME"}) {
        if (const auto found = environment.find(name); found != environment.end()) m_environment.insert(*found);
    }
    m_environment["LC_ALL"] = "C";
    m_environment["GIT_TERMINAL_PROMPT"] = "0";
    m_environment["GIT_OPTIONAL_LOCKS"] = "0";  // git must not refresh the index of what is measured
}

Result<Output> BoostProcessRunner::run(const Command& command) const {
    if (command.argv.empty()) return fail(ErrorCode::process_not_started, "", "no program named");
    const auto program = find_program(command.argv[0], m_environment);
    if (program.empty()) return fail(ErrorCode::process_not_started, command.argv[0], "not found in PATH");
    std::signal(SIGPIPE, SIG_IGN);  // a child that does not read its input is no reason to die
    try {
        std::vector<std::string> variables;
        for (const auto& [name, value] : m_environment) variables.push_back(name + "=" + value);
        return Running(command, variables).run(program);
    } catch (const std::exception& problem) {
        return fail(ErrorCode::process_not_started, command.argv[0], problem.what());
    }
}

}  // namespace envlock::host
