#include "daemon/cli/own_sandbox.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace reeld {

namespace {

/// The descriptor on which the child reports that it listens.
constexpr int kReadyFd = 3;

[[noreturn]] void become_sandbox(const std::string& program, std::vector<std::string>& words, int ready,
                                 int said) {
    // A group of its own: Ctrl-C is for the run, which still needs the provider to answer what is under way.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::dup2(said, STDERR_FILENO);
    // Its first line is for scripts that start one by hand; this parent reads the ready descriptor instead.
    if (const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0)
        ::dup2(nowhere, STDOUT_FILENO);
    // dup2 onto itself would keep the close-on-exec flag.
    if (ready == kReadyFd) ::fcntl(ready, F_SETFD, 0);
    if (ready != kReadyFd) ::dup2(ready, kReadyFd);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    ::_exit(127);
}

std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> chunk{};
    while (true) {
        const ssize_t got = ::read(fd, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
}

} // namespace

OwnSandbox::OwnSandbox(const std::string& program, const std::vector<std::string>& options) {
    std::array<int, 2> ready{};
    said_fd_ = ::memfd_create("sandbox", MFD_CLOEXEC);
    if (said_fd_ < 0 || ::pipe2(ready.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot start a sandbox");
    }
    std::vector<std::string> words = {"reeld", "sandbox",    "--port",
                                      "0",     "--ready-fd", std::to_string(kReadyFd)};
    words.insert(words.end(), options.begin(), options.end());
    pid_ = ::fork();
    const int cause = errno;
    if (pid_ == 0) become_sandbox(program, words, ready[1], said_fd_);
    ::close(ready[1]);
    if (pid_ > 0) base_url_ = read_all(ready[0]);
    ::close(ready[0]);
    while (!base_url_.empty() && base_url_.back() == '\n') base_url_.pop_back();
    if (pid_ < 0) throw std::system_error(cause, std::generic_category(), "cannot start a sandbox");
    if (base_url_.empty()) throw std::runtime_error(stop());
}

OwnSandbox::~OwnSandbox() {
    if (pid_ > 0) static_cast<void>(stop());
    if (said_fd_ >= 0) ::close(said_fd_);
}

std::string OwnSandbox::stop() {
    if (pid_ <= 0) return "";
    ::kill(pid_, SIGTERM);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return said();
}

std::string OwnSandbox::said() const {
    ::lseek(said_fd_, 0, SEEK_SET);
    return read_all(said_fd_);
}

} // namespace reeld
