// The one file that sees Boost.Process. Up to 1.85 it is header-only and must be compiled somewhere: here.
#include <boost/version.hpp>
#if BOOST_VERSION < 108600
#define BOOST_PROCESS_V2_SEPARATE_COMPILATION
#endif
#include <boost/asio/io_context.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/start_dir.hpp>
#include <boost/process/v2/stdio.hpp>
#if BOOST_VERSION < 108600
#include <boost/process/v2/src.hpp>
#endif

#include <envlock/base/text.hpp>
#include <envlock/host/boost_process_runner.hpp>

#include "unique_fd.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <unordered_map>

namespace envlock::host {
namespace {

namespace bp = boost::process::v2;
using SteadyClock = std::chrono::steady_clock;

// What happens in the child between fork and exec: a group of its own, no blocked signals, and an
// end when envlock is killed. When exec fails nothing of ours may run there, atexit functions least of all.
struct Isolation {
    template <class Launcher, class Path>
    boost::system::error_code on_exec_setup(Launcher&, const Path&, const char* const*) const {
        ::setpgid(0, 0);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
#ifdef __linux__
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
        return {};
    }
    template <class Launcher, class Path>
    void on_exec_error(Launcher&, const Path&, const char* const*, const boost::system::error_code&) const {
        ::_exit(127);
    }
};

bool is_program(const std::string& path) {
    struct stat seen {};
    return ::stat(path.c_str(), &seen) == 0 && S_ISREG(seen.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

// Only absolute folders of PATH count: an empty or relative one would be the folder under inspection.
std::string find_program(const std::string& name, const std::string& path) {
    if (name.find('/') != std::string::npos) return is_program(name) ? name : "";
    for (const auto folder : split(path, ':')) {
        auto candidate = std::string(folder) + "/" + name;
        if (folder.starts_with('/') && is_program(candidate)) return candidate;
    }
    return "";
}

std::array<UniqueFd, 2> make_pipe() {
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) return {};
    for (const int fd : ends) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

using TemporaryFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Input comes from an unlinked file: no pipe that could fill up, and no SIGPIPE when the child does not read.
TemporaryFile file_with(const std::string& input) {
    TemporaryFile out(std::tmpfile(), std::fclose);
    if (!out) return out;
    ::fcntl(::fileno(out.get()), F_SETFD, FD_CLOEXEC);
    const bool written = std::fwrite(input.data(), 1, input.size(), out.get()) == input.size() && std::fflush(out.get()) == 0;
    if (!written || ::lseek(::fileno(out.get()), 0, SEEK_SET) != 0) out.reset();
    return out;
}

enum class Ending : std::uint8_t { finished, out_of_time, too_much, broken };

int milliseconds_until(SteadyClock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

// False: nothing more will come from this end.
bool take(int fd, std::string& into) {
    std::array<char, 65536> buffer;
    const auto got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    into.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
}

Ending collect(UniqueFd& out, UniqueFd& err, Output& output, std::size_t cap, SteadyClock::time_point deadline) {
    while (out || err) {
        std::array<pollfd, 2> ends{{{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}}};
        const int ready = ::poll(ends.data(), ends.size(), milliseconds_until(deadline));
        if (ready < 0 && errno != EINTR) return Ending::broken;
        if (ready > 0 && ends[0].revents != 0 && !take(out.get(), output.out)) out.reset();
        if (ready > 0 && ends[1].revents != 0 && !take(err.get(), output.err)) err.reset();
        if (output.out.size() > cap || output.err.size() > cap) return Ending::too_much;
        if (SteadyClock::now() >= deadline && (out || err)) return Ending::out_of_time;
    }
    return Ending::finished;
}

// The child may close its outputs and go on.
Ending wait_for(pid_t child, int& status, SteadyClock::time_point deadline) {
    auto nap = std::chrono::microseconds(200);
    while (true) {
        const auto got = ::waitpid(child, &status, WNOHANG);
        if (got == child) return Ending::finished;
        if (got < 0 && errno != EINTR) return Ending::broken;
        if (SteadyClock::now() >= deadline) return Ending::out_of_time;
        ::poll(nullptr, 0, static_cast<int>(nap.count() / 1000));
        if (nap < std::chrono::milliseconds(10)) nap *= 2;
    }
}

void end_group(pid_t child) {
    ::kill(-child, SIGKILL);
    ::kill(child, SIGKILL);  // in case it has not reached setpgid yet
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
}

std::string seconds_of(std::chrono::milliseconds limit) { return std::to_string(limit.count()) + " ms"; }

Result<Output> run_program(const Command& command, const std::string& program, const std::map<std::string, std::string>& environment) {
    const auto& name = command.argv[0];
    auto out = make_pipe(), err = make_pipe();
    TemporaryFile input(nullptr, std::fclose);
    if (!command.input.empty()) input = file_with(command.input);
    if (!out[0] || !err[0] || (!command.input.empty() && !input)) return fail(ErrorCode::process_not_started, name, "no pipe or temporary file");
    const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int in = input ? ::fileno(input.get()) : nothing.get();

    const auto deadline = SteadyClock::now() + command.limit;
    const std::vector<std::string> arguments(command.argv.begin() + 1, command.argv.end());
    const std::unordered_map<std::string, std::string> variables(environment.begin(), environment.end());
    // Not const: the launcher silently skips an initializer whose steps it cannot call.
    bp::process_environment child_environment(variables);
    boost::asio::io_context context;
    boost::system::error_code error;
    bp::default_process_launcher launch;
    // The library decides by type what an argument is, so the working directory needs a call of its own.
    auto child = command.directory.empty()
        ? launch(context, error, program, arguments, bp::process_stdio{in, out[1].get(), err[1].get()}, child_environment, Isolation{})
        : launch(context, error, program, arguments, bp::process_stdio{in, out[1].get(), err[1].get()}, child_environment,
                 bp::process_start_dir(command.directory), Isolation{});
    if (error) return fail(ErrorCode::process_not_started, name, error.message());
    const auto pid = static_cast<pid_t>(child.id());
    child.detach();  // waited for here, with a time limit
    out[1].reset();
    err[1].reset();

    Output output;
    int status = 0;
    auto ending = collect(out[0], err[0], output, command.max_output, deadline);
    if (ending == Ending::finished) ending = wait_for(pid, status, deadline);
    if (ending != Ending::finished) end_group(pid);
    if (ending == Ending::out_of_time) return fail(ErrorCode::process_timed_out, name, "limit " + seconds_of(command.limit));
    if (ending == Ending::too_much) return fail(ErrorCode::process_failed, name, "wrote more than " + std::to_string(command.max_output) + " bytes");
    if (ending == Ending::broken) return fail(ErrorCode::process_failed, name, "lost sight of it");
    output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return output;
}

}  // namespace

BoostProcessRunner::BoostProcessRunner(const std::map<std::string, std::string>& environment)
    : m_environment{{"LC_ALL", "C"}, {"PAGER", "cat"}, {"GIT_PAGER", "cat"}, {"GIT_TERMINAL_PROMPT", "0"},
                    {"GIT_OPTIONAL_LOCKS", "0"}} {  // `git status` must not write the index it looks at
    for (const auto* name : {"PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR"}) {
        if (const auto found = environment.find(name); found != environment.end()) m_environment[name] = found->second;
    }
}

Result<Output> BoostProcessRunner::run(const Command& command) const {
    if (command.argv.empty()) return fail(ErrorCode::process_not_started, "", "empty command");
    for (const auto& argument : command.argv) {
        if (argument.find('\0') != std::string::npos) return fail(ErrorCode::process_not_started, command.argv[0], "NUL in an argument");
    }
    const auto path = m_environment.find("PATH");
    const auto program = find_program(command.argv[0], path == m_environment.end() ? "" : path->second);
    if (program.empty()) return fail(ErrorCode::process_not_started, command.argv[0], "not found");
    try {
        return run_program(command, program, m_environment);
    } catch (const std::exception& problem) {
        return fail(ErrorCode::process_not_started, command.argv[0], problem.what());
    }
}

}  // namespace envlock::host
