#include "tests/support/program.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace reeld::test {

namespace {

double in_seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> result;
    for (auto& word : words) result.push_back(word.data());
    result.push_back(nullptr);
    return result;
}

[[noreturn]] void become(const ProgramStart& start, int out, int err) {
    auto words = start.words;
    std::vector<std::string> variables = {std::string("PATH=") + std::getenv("PATH")};
    for (const auto& [name, value] : start.environment) variables.push_back(name + "=" + value);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!start.folder.empty() && ::chdir(start.folder.c_str()) != 0) ::_exit(126);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(words.front().c_str(), pointers(words).data(), pointers(variables).data());
    ::_exit(127);
}

/// Adds what is there to `text`; closes the descriptor at its end.
void read_some(int& fd, std::string& text) {
    std::array<char, 65536> chunk{};
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got > 0) text.append(chunk.data(), static_cast<std::size_t>(got));
    if (got > 0 || (got < 0 && errno == EINTR)) return;
    ::close(fd);
    fd = -1;
}

} // namespace

Program::Program(const ProgramStart& start) : silence_max_(start.silence_max) {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("cannot make pipes");
    }
    // A daemon may say much before a test reads it, and would wait for room.
    constexpr int kPipeBytes = 1 << 20; // What Linux grants everybody.
    ::fcntl(err[1], F_SETPIPE_SZ, kPipeBytes);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ == 0) become(start, out[1], err[1]);
    ::close(out[1]);
    ::close(err[1]);
    out_fd_ = out[0];
    err_fd_ = err[0];
}

Program::~Program() {
    if (!reaped_) {
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    if (out_fd_ >= 0) ::close(out_fd_);
    if (err_fd_ >= 0) ::close(err_fd_);
}

void Program::send(int signal) const {
    ::kill(pid_, signal);
}

bool Program::read_more() {
    std::array<pollfd, 2> wanted = {pollfd{.fd = out_fd_, .events = POLLIN, .revents = 0},
                                    pollfd{.fd = err_fd_, .events = POLLIN, .revents = 0}};
    if (out_fd_ < 0 && err_fd_ < 0) return false;
    const int ready = ::poll(wanted.data(), wanted.size(), static_cast<int>(silence_max_.count()));
    if (ready == 0) return false;
    if (wanted[0].revents != 0) read_some(out_fd_, end_.out);
    if (wanted[1].revents != 0) read_some(err_fd_, end_.err);
    return true;
}

bool Program::wait_for(const std::string& text) {
    while (end_.err.find(text) == std::string::npos) {
        if (!read_more()) return false;
    }
    return true;
}

ProgramEnd Program::wait() {
    while (read_more()) {
    }
    if (out_fd_ >= 0 || err_fd_ >= 0) send(SIGKILL);
    int status = 0;
    rusage usage{};
    while (!reaped_) {
        if (::wait4(pid_, &status, 0, &usage) == pid_) {
            reaped_ = true;
        } else if (errno != EINTR) {
            throw std::runtime_error("cannot wait for the program");
        }
    }
    end_.cpu_s = in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
    if (WIFEXITED(status)) end_.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end_.signal = WTERMSIG(status);
    return end_;
}

ProgramEnd run_program(const ProgramStart& start) {
    return Program(start).wait();
}

ProgramEnd stop(Program& daemon) {
    daemon.send(SIGTERM);
    return daemon.wait();
}

} // namespace reeld::test
