#include "daemon/reader/reader_child.h"

#include "daemon/spawn/spawn_plan.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
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

    SpawnPlan plan("the storyboard's reader");
    plan.place(input, STDIN_FILENO);
    plan.place(output, STDOUT_FILENO);
    plan.place_nothing(STDERR_FILENO);
    plan.place(safe_file, kFileFd);
    if (safe_copy) plan.place(safe_copy, kCopyFd);
    plan.close_from(safe_copy ? kCopyFd + 1 : kCopyFd);
    plan.reset_signals();
    const std::array<std::string, 2> words{"reeld", "read-storyboard"};
    pid_ = plan.run(program, words, {}); // No environment, so no key to steal.
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
