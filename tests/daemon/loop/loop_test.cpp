#include "daemon/loop/loop.h"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace reeld {

using namespace std::chrono_literals;

namespace {

/// A descriptor that is readable from the start.
struct ReadyFd {
    ReadyFd() : fd{eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC)} {}
    ~ReadyFd() { close(fd); }
    ReadyFd(const ReadyFd&) = delete;
    ReadyFd& operator=(const ReadyFd&) = delete;
    int fd;
};

pid_t start_child(void (*life)()) {
    const pid_t pid = fork();
    if (pid == 0) {
        life();
        _exit(99);
    }
    return pid;
}

} // namespace

TEST_CASE("run() returns the first code that exit() was given") {
    Loop loop;
    LoopTimer timer{loop, [&] {
                        loop.exit(7);
                        loop.exit(8);
                    }};
    timer.arm_after(0s);
    CHECK(loop.run() == 7);
    CHECK_FALSE(loop.turn(0s));
}

TEST_CASE("after exit() nothing else of the turn runs") {
    Loop loop;
    ReadyFd one, other;
    int runs = 0;
    const auto leave = [&](std::uint32_t) {
        ++runs;
        loop.exit(0);
    };
    Loop::Watch first = loop.watch_fd(one.fd, EPOLLIN, leave);
    Loop::Watch second = loop.watch_fd(other.fd, EPOLLIN, leave);
    Loop::Watch end = loop.at_turn_end([&] { ++runs; });
    Loop::set_on(end, true);
    loop.run();
    CHECK(runs == 1);
}

TEST_CASE("the longest turn counts work, in callbacks and at the end, and no sleep") {
    Loop loop;
    CHECK(loop.longest_turn() == 0s);
    const auto work = [&loop] {
        for (const Instant until = loop.now().at + 20ms; loop.now().at < until;) {
        }
    };
    LoopTimer sleeper{loop, [] {
                      }};
    sleeper.arm_after(300ms);
    loop.turn(1s);
    CHECK(loop.longest_turn() < 300ms);
    Loop::Watch end = loop.at_turn_end(work);
    Loop::set_on(end, true);
    LoopTimer worker{loop, work};
    worker.arm_after(0s);
    loop.turn(0s);
    CHECK(loop.longest_turn() >= 40ms);
}

TEST_CASE("a watched descriptor reports which events came") {
    Loop loop;
    ReadyFd ready;
    std::uint32_t came = 0;
    Loop::Watch watch = loop.watch_fd(ready.fd, EPOLLIN, [&](std::uint32_t revents) { came = revents; });
    loop.turn(0s);
    CHECK(came == EPOLLIN);
}

TEST_CASE("the interest in a descriptor can change while it is watched") {
    Loop loop;
    ReadyFd ready;
    std::uint32_t came = 0;
    Loop::Watch watch = loop.watch_fd(ready.fd, 0, [&](std::uint32_t revents) { came |= revents; });
    loop.turn(0s);
    CHECK(came == 0);
    Loop::change_fd(watch, EPOLLOUT);
    loop.turn(0s);
    CHECK(came == EPOLLOUT);
}

TEST_CASE("a descriptor that cannot be watched is an error with its cause") {
    Loop loop;
    CHECK_THROWS_WITH_AS(static_cast<void>(loop.watch_fd(-1, EPOLLIN, [](std::uint32_t) {})),
                         doctest::Contains("cannot watch a file descriptor"), std::system_error);
}

TEST_CASE("a watch that ends inside its own callback leaves the running function alive") {
    Loop loop;
    ReadyFd ready;
    Loop::Watch watch;
    int runs = 0;
    // The string lives inside the function: reading it after the reset is what a sanitizer would report.
    watch = loop.watch_fd(ready.fd, EPOLLIN, [&, text = std::string(1000, 'x')](std::uint32_t) {
        watch.reset();
        runs += text.size() == 1000 ? 1 : 100;
    });
    for (int i = 0; i < 3; ++i) loop.turn(0s);
    CHECK(runs == 1);
    CHECK_FALSE(watch);
}

TEST_CASE("timers, signals, children and turn ends may end inside their own callbacks too") {
    Loop loop;
    int runs = 0;
    const std::string text(1000, 'x');
    auto timer = std::make_unique<LoopTimer>(loop, [&] {});
    Loop::Watch signal, child, end;
    const auto run_once = [&runs](auto& watch, const std::string& mine) {
        watch.reset();
        runs += mine.size() == 1000 ? 1 : 100;
    };
    timer = std::make_unique<LoopTimer>(loop, [&, text] { run_once(timer, text); });
    timer->arm_after(0s);
    signal = loop.watch_signal(SIGUSR1, [&, text] { run_once(signal, text); });
    raise(SIGUSR1);
    child = loop.watch_child(start_child([] { _exit(0); }), [&, text](ChildEnd) { run_once(child, text); });
    end = loop.at_turn_end([&, text] { run_once(end, text); });
    Loop::set_on(end, true);
    while (timer || signal || child || end) loop.turn(100ms);
    CHECK(runs == 4);
}

TEST_CASE("a callback may end a watch that is ready in the same turn") {
    Loop loop;
    ReadyFd one, other;
    Loop::Watch first, second;
    int runs = 0;
    const auto end_both = [&](std::uint32_t) {
        ++runs;
        first.reset();
        second.reset();
    };
    first = loop.watch_fd(one.fd, EPOLLIN, end_both);
    second = loop.watch_fd(other.fd, EPOLLIN, end_both);
    loop.turn(0s);
    CHECK(runs == 1);
}

TEST_CASE("a watched signal is reported instead of ending the process") {
    Loop loop;
    int raised = 0;
    Loop::Watch watch = loop.watch_signal(SIGUSR2, [&] { ++raised; });
    raise(SIGUSR2);
    loop.turn(0s);
    CHECK(raised == 1);
    watch.reset();
    raise(SIGUSR2); // It stays blocked: this does not end the test.
}

TEST_CASE("the end of a child tells its exit status and leaves no zombie") {
    Loop loop;
    ChildEnd end;
    const pid_t pid = start_child([] { _exit(42); });
    Loop::Watch watch = loop.watch_child(pid, [&](ChildEnd e) { end = e; });
    while (end.pid == 0) loop.turn(100ms);
    CHECK(end.pid == pid);
    CHECK(end.exited);
    CHECK(end.code == 42);
    CHECK(waitpid(pid, nullptr, WNOHANG) == -1);
}

TEST_CASE("the end of a child tells the signal that ended it") {
    Loop loop;
    ChildEnd end;
    const pid_t pid = start_child([] { pause(); });
    Loop::Watch watch = loop.watch_child(pid, [&](ChildEnd e) { end = e; });
    kill(pid, SIGKILL);
    while (end.pid == 0) loop.turn(100ms);
    CHECK_FALSE(end.exited);
    CHECK(end.code == SIGKILL);
}

TEST_CASE("a child that ended before it was watched is reported all the same") {
    Loop loop;
    const pid_t pid = start_child([] { _exit(3); });
    siginfo_t ended{};
    waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT);
    ChildEnd end;
    Loop::Watch watch = loop.watch_child(pid, [&](ChildEnd e) { end = e; });
    while (end.pid == 0) loop.turn(100ms);
    CHECK(end.code == 3);
}

TEST_CASE("every turn is told with its time, and the longest of them is the longest turn") {
    Loop loop;
    std::vector<Duration> told;
    loop.tell_turns([&](Duration took) { told.push_back(took); });
    for (int turns = 0; turns < 3; ++turns) loop.turn(Duration::zero());
    REQUIRE(told.size() == 3);
    CHECK(*std::max_element(told.begin(), told.end()) == loop.longest_turn());
}

} // namespace reeld
