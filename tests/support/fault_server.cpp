#include "tests/support/fault_server.h"

#include "tests/support/channel.h"
#include "tests/support/tls_identity.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <csignal>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace reeld::test {

namespace {

constexpr int drip_pause_ms = 2;

int listen_on_loopback() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(fd, 1024) != 0)
        throw std::runtime_error("the test server cannot listen");
    return fd;
}

int port_of(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

/// Servers write to clients that are gone; that must not end the test.
void block_sigpipe() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

std::size_t content_length(const std::string& head) {
    constexpr std::string_view name = "content-length: ";
    const auto at = std::search(head.begin(), head.end(), name.begin(), name.end(),
                                [](char a, char b) { return std::tolower(a) == b; });
    std::size_t length = 0;
    if (at != head.end()) std::from_chars(&*at + name.size(), head.data() + head.size(), length);
    return length;
}

/// Takes the next request off the front of `buffer`, reading as much as it needs.
std::optional<ReceivedRequest> read_request(Channel& channel, std::string& buffer) {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
        if (!channel.read_more(buffer)) return std::nullopt;
    ReceivedRequest request{.head = buffer.substr(0, end + 4), .body = {}};
    const std::size_t size = request.head.size() + content_length(request.head);
    while (buffer.size() < size)
        if (!channel.read_more(buffer)) return std::nullopt;
    request.body = buffer.substr(request.head.size(), size - request.head.size());
    buffer.erase(0, size);
    return request;
}

void wait_until_client_leaves(Channel& channel) {
    std::string ignored;
    while (channel.read_more(ignored)) ignored.clear();
}

/// Until the write fails or the client closes.
void send_without_end(Channel& channel, const std::string& bytes, int pause_ms) {
    pollfd client{.fd = channel.fd(), .events = POLLRDHUP, .revents = 0};
    while (poll(&client, 1, pause_ms) == 0)
        if (!channel.write(bytes)) return;
}

void go_on(Channel& channel, Reaction::Then then) {
    switch (then) {
    case Reaction::Then::keep: return;
    case Reaction::Then::close: return channel.say_goodbye();
    case Reaction::Then::stall: return wait_until_client_leaves(channel);
    case Reaction::Then::drip: return send_without_end(channel, "x", drip_pause_ms);
    case Reaction::Then::flood: return send_without_end(channel, std::string(64 * 1024, 'x'), 0);
    case Reaction::Then::reset: {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        setsockopt(channel.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    }
}

} // namespace

Reaction answer(int status, const std::string& body, const std::string& headers) {
    return {.bytes = fmt::format("HTTP/1.1 {} Words\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                                 headers, body)};
}

std::string ReceivedRequest::target() const {
    const std::size_t from = head.find(' ') + 1;
    return head.substr(from, head.find(' ', from) - from);
}

FaultServer::FaultServer(React react, const TlsIdentity* identity)
    : react_{std::move(react)}, identity_{identity}, listener_{listen_on_loopback()},
      wake_{eventfd(0, EFD_CLOEXEC)}, port_{port_of(listener_)}, accept_thread_{[this] {
          accept_until_woken();
      }} {}

FaultServer::~FaultServer() {
    {
        const std::lock_guard lock{mutex_};
        for (const int fd : open_fds_) shutdown(fd, SHUT_RDWR);
    }
    finish();
    close(listener_);
    close(wake_);
}

void FaultServer::finish() {
    eventfd_write(wake_, 1);
    if (accept_thread_.joinable()) accept_thread_.join();
    for (std::thread& thread : connection_threads_) thread.join();
    connection_threads_.clear();
}

std::string FaultServer::url(const std::string& target) const {
    return fmt::format("{}://127.0.0.1:{}{}", identity_ == nullptr ? "http" : "https", port_, target);
}

int FaultServer::requests(const std::string& target) const {
    const std::lock_guard lock{mutex_};
    return static_cast<int>(std::ranges::count(
        received_, target, [](const ReceivedRequest& request) { return request.target(); }));
}

std::vector<ReceivedRequest> FaultServer::received() const {
    const std::lock_guard lock{mutex_};
    return received_;
}

std::vector<std::string> FaultServer::offered_protocols() const {
    const std::lock_guard lock{mutex_};
    return offered_;
}

void FaultServer::accept_until_woken() {
    block_sigpipe();
    pollfd sources[] = {{.fd = listener_, .events = POLLIN, .revents = 0},
                        {.fd = wake_, .events = POLLIN, .revents = 0}};
    while (sources[1].revents == 0) {
        poll(sources, 2, -1);
        while (accept_one()) {
        }
    }
}

bool FaultServer::accept_one() {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return false;
    {
        const std::lock_guard lock{mutex_};
        open_fds_.push_back(fd);
    }
    ++connections_;
    connection_threads_.emplace_back([this, fd] { serve(fd); });
    return true;
}

void FaultServer::serve(int fd) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    {
        Channel channel{fd, identity_};
        {
            const std::lock_guard lock{mutex_};
            if (identity_ != nullptr) offered_.push_back(channel.offered_protocols());
        }
        if (channel.ready()) serve_requests(channel);
    }
    const std::lock_guard lock{mutex_};
    std::erase(open_fds_, fd);
    close(fd);
}

void FaultServer::serve_requests(Channel& channel) {
    std::string buffer;
    for (int number = 1;; ++number) {
        std::optional<ReceivedRequest> request = read_request(channel, buffer);
        if (!request) return;
        request->number_on_connection = number;
        const Reaction reaction = note(std::move(*request));
        if (!channel.write(reaction.bytes)) return;
        go_on(channel, reaction.then);
        if (reaction.then != Reaction::Then::keep) return;
    }
}

Reaction FaultServer::note(ReceivedRequest request) {
    Reaction reaction = react_(request);
    const std::lock_guard lock{mutex_};
    received_.push_back(std::move(request));
    return reaction;
}

} // namespace reeld::test
