/// The end of systemd's notification socket that systemd holds; see sd_notify(3).
#pragma once

#include "tests/support/temp_folder.h"

#include <cstdlib>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace reeld::test {

/// Announced in the environment of the tests while it lives; to a program under test, announce path(). One at
/// a time.
class NotifySocket {
public:
    /// `watchdog_usec`: how often the watchdog wants to be fed, as systemd announces it; "" for no watchdog.
    explicit NotifySocket(const char* watchdog_usec = "")
        : fd_{socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)} {
        const std::string path = this->path();
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        setenv("NOTIFY_SOCKET", path.c_str(), 1);
        if (*watchdog_usec != '\0') setenv("WATCHDOG_USEC", watchdog_usec, 1);
        unsetenv("WATCHDOG_PID");
    }
    /// Takes the announcement back.
    ~NotifySocket() {
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        close(fd_);
    }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    [[nodiscard]] std::string path() const { return (folder_ / "notify").string(); }

    /// The next message, or nothing when none has come yet.
    std::string receive() {
        char text[256];
        const ssize_t size = recv(fd_, text, sizeof text, 0);
        return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string{};
    }

private:
    TempFolder folder_;
    int fd_;
};

} // namespace reeld::test
