#include "daemon/loop/loop.h"
#include "tests/support/temp_folder.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace reeld {

using namespace std::chrono_literals;

namespace {

/// The service manager's end of the notification socket, announced in the environment while it lives.
class NotifySocket {
public:
    explicit NotifySocket(const char* watchdog_usec) : fd_{socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)} {
        const std::string path = (folder_ / "notify").string();
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        setenv("NOTIFY_SOCKET", path.c_str(), 1);
        setenv("WATCHDOG_USEC", watchdog_usec, 1);
        unsetenv("WATCHDOG_PID");
    }
    ~NotifySocket() {
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        close(fd_);
    }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// The next message, or nothing.
    std::string receive() {
        char text[256];
        const ssize_t size = recv(fd_, text, sizeof text, 0);
        return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string{};
    }

private:
    test::TempFolder folder_;
    int fd_;
};

} // namespace

TEST_CASE("the watchdog is fed again and again from turns of the loop") {
    NotifySocket manager{"4000"};
    Loop loop;
    CHECK(loop.feed_watchdog());
    int meals = 0;
    while (meals < 3) {
        loop.turn(1ms);
        if (const std::string text = manager.receive(); !text.empty()) {
            CHECK(text == "WATCHDOG=1");
            ++meals;
        }
    }
}

TEST_CASE("a watchdog that nobody asked for is not fed") {
    unsetenv("WATCHDOG_USEC");
    Loop loop;
    CHECK_FALSE(loop.feed_watchdog());
}

} // namespace reeld
