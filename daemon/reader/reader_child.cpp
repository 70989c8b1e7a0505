#include "daemon/reader/reader_child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>

namespace reeld {

namespace {

/// Descriptors are first copied to here and above, out of the way of the child's 0 to 4.
constexpr int kSafeFd = 10;

int check(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

void check_spawn(int error, const char* what) {
    if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

Fd copy_out_of_the_way(int fd) {
    return Fd{
        check(::fcntl(fd, F_DUPFD_CLOEXEC, kSafeFd), "cannot copy a descriptor for the storyboard's reader")};
}

struct Pipe {
    Fd read;
    Fd write;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC), "cannot make a pipe to the storyboard's reader");
    return {.read = Fd{ends[0]}, .write = Fd{ends[1]}};
}

void make_non_blocking(const Fd& fd) {
    const int flags = check(::fcntl(fd.get(), F_GETFL), "cannot prepare a pipe");
    check(::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK), "cannot prepare a pipe");
}

/// What the child does between its birth and its first instruction.
class SpawnPlan {
public:
    SpawnPlan() {
        check_spawn(::posix_spawn_file_actions_init(&actions_), "cannot prepare a process");
        check_spawn(::posix_spawnattr_init(&attributes_), "cannot prepare a process");
    }
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    void place(const Fd& fd, int as) {
        check_spawn(::posix_spawn_file_actions_adddup2(&actions_, fd.get(), as), "cannot prepare a process");
    }
    void discard_errors() {
        check_spawn(::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0),
                    "cannot prepare a process");
    }
    void close_from(int first) {
        check_spawn(::posix_spawn_file_actions_addclosefrom_np(&actions_, first), "cannot prepare a process");
    }
    /// The loop blocks signals and ignores some; the child starts as from a shell.
    void reset_signals() {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        check_spawn(::posix_spawnattr_setsigmask(&attributes_, &none), "cannot prepare a process");
        check_spawn(::posix_spawnattr_setsigdefault(&attributes_, &all), "cannot prepare a process");
        check_spawn(::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF),
                    "cannot prepare a process");
    }
    pid_t run(const std::string& program) {
        std::string name = "reeld";
        std::string command = "read-storyboard";
        std::array<char*, 3> arguments{name.data(), command.data(), nullptr};
        std::array<char*, 1> environment{nullptr};
        pid_t pid = -1;
        check_spawn(::posix_spawn(&pid, program.c_str(), &actions_, &attributes_, arguments.data(),
                                  environment.data()),
                    "cannot start the storyboard's reader");
        return pid;
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

} // namespace

ReaderChild::ReaderChild(const std::string& program, int file, int copy) {
    Pipe requests = make_pipe();
    Pipe answered = make_pipe();
    const Fd input = copy_out_of_the_way(requests.read.get());
    const Fd output = copy_out_of_the_way(answered.write.get());
    const Fd safe_file = copy_out_of_the_way(file);
    const Fd safe_copy = copy >= 0 ? copy_out_of_the_way(copy) : Fd{};
    make_non_blocking(requests.write);
    make_non_blocking(answered.read);

    SpawnPlan plan;
    plan.place(input, STDIN_FILENO);
    plan.place(output, STDOUT_FILENO);
    plan.discard_errors();
    plan.place(safe_file, kFileFd);
    if (safe_copy) plan.place(safe_copy, kCopyFd);
    plan.close_from(safe_copy ? kCopyFd + 1 : kCopyFd);
    plan.reset_signals();
    pid_ = plan.run(program);
    request = std::move(requests.write);
    answers = std::move(answered.read);
}

ReaderChild::~ReaderChild() {
    if (ended_) return;
    kill();
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void ReaderChild::kill() const {
    if (!ended_) ::kill(pid_, SIGKILL);
}

} // namespace reeld
