/// A client that sends bytes and keeps what comes back, on the test's own loop. It knows no HTTP but where
/// an answer ends, so that it can send what no proper client would.
#pragma once

#include "daemon/loop/loop.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace reeld::test {

/// How long a test turns the loop before it gives something up for lost. Never reached in a test that
/// passes.
inline constexpr Duration kPatience = std::chrono::seconds{20};

class RawClient {
public:
    /// How the connection stands: open, ended in an orderly way (FIN), or torn down (RST).
    enum class State { open, closed, reset };

    /// Begins to connect to `port` on 127.0.0.1. The loop must outlive the client.
    RawClient(Loop& loop, std::uint16_t port) : loop_(loop) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connect(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }

    /// Connects to the unix socket at `path`.
    RawClient(Loop& loop, const std::string& path) : loop_(loop) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        connect(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }

    ~RawClient() { leave(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// Turns the loop until all of `bytes` have left, or the connection has ended.
    void send(std::string_view bytes) {
        turn_until([&] {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
            return bytes.empty() || state_ != State::open;
        });
    }

    /// Closes the connection from this side, with whatever has not been read; nothing can be sent or received
    /// after that.
    void leave() {
        readable_.reset();
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

    /// Says that nothing more will be sent, and goes on reading.
    void close_half() { ::shutdown(fd_, SHUT_WR); }

    /// Leaves what comes in the kernel's buffer, and takes it again.
    void stop_reading() { Loop::change_fd(readable_, 0); }
    void read_again() { Loop::change_fd(readable_, EPOLLIN); }

    /// Turns the loop until an answer is complete or the connection has ended, and takes what has come.
    std::string answer() {
        turn_until([this] { return is_complete() || state_ != State::open; });
        return std::exchange(received_, {});
    }

    /// Turns the loop until the other side has ended the connection; what came stays in received().
    State wait_for_end() {
        turn_until([this] { return state_ != State::open; });
        return state_;
    }

    /// Turns the loop, and so the server under test, until `condition` holds. Fails the test when that
    /// takes longer than kPatience.
    template <typename Condition>
    void turn_until(Condition condition) {
        const Instant deadline = loop_.now().at + kPatience;
        while (!condition()) {
            REQUIRE(loop_.now().at < deadline);
            loop_.turn(std::chrono::milliseconds{20});
        }
    }

    [[nodiscard]] State state() const { return state_; }

    /// What has come and was not taken by answer().
    [[nodiscard]] const std::string& received() const { return received_; }

private:
    void connect(int family, const sockaddr* address, socklen_t size) {
        fd_ = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        const int connected = ::connect(fd_, address, size);
        REQUIRE((connected == 0 || errno == EINPROGRESS));
        readable_ = loop_.watch_fd(fd_, EPOLLIN, [this](std::uint32_t) { read_all(); });
    }

    void read_all() {
        std::array<char, 16384> buffer{};
        while (true) {
            const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (count > 0) {
                received_.append(buffer.data(), static_cast<std::size_t>(count));
                continue;
            }
            if (count < 0 && errno == EAGAIN) return;
            state_ = count == 0 ? State::closed : State::reset;
            readable_.reset();
            return;
        }
    }

    /// Whether the headers are there, and as much after them as they announce.
    [[nodiscard]] bool is_complete() const {
        const std::size_t end = received_.find("\r\n\r\n");
        const std::size_t length = received_.find("Content-Length: ");
        if (end == std::string::npos || length == std::string::npos) return false;
        return received_.size() >= end + 4 + std::strtoull(received_.c_str() + length + 16, nullptr, 10);
    }

    Loop& loop_;
    int fd_ = -1;
    Loop::Watch readable_;
    std::string received_;
    State state_ = State::open;
};

/// The three digits of a status line; 0 when there is none.
inline int status_of(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::atoi(std::string(answer.substr(9, 3)).c_str()) : 0;
}

/// What follows the empty line; chunked bodies are not put together.
inline std::string body_of(std::string_view answer) {
    const std::size_t end = answer.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string{} : std::string(answer.substr(end + 4));
}

/// Whether a header line stands in the answer, to the letter.
inline bool has_line(std::string_view answer, std::string_view line) {
    return answer.substr(0, answer.find("\r\n\r\n") + 2).find("\r\n" + std::string(line) + "\r\n") !=
           std::string_view::npos;
}

} // namespace reeld::test
