#include "tests/bench/figures.h"

#include "daemon/http/server.h"

#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace reeld::bench {

namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr std::string_view kHonest = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

int dial(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    ::close(fd);
    return -1;
}

void say(int fd, std::string_view bytes) {
    static_cast<void>(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

/// Opens what is to stay open: clients that say nothing, drip, or never read.
std::vector<int> take_places(std::uint16_t port) {
    std::vector<int> dripping;
    for (int i = 0; i < 200; ++i) static_cast<void>(dial(port));
    for (int i = 0; i < 50; ++i) {
        dripping.push_back(dial(port));
        say(dripping.back(), "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
    }
    for (int i = 0; i < 20; ++i) say(dial(port), "GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    for (int i = 0; i < 20; ++i) say(dial(port), "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    return dripping;
}

/// A process that does what it can to keep the server busy, until it is killed. An honest request goes in
/// between, which is awaited.
[[noreturn]] void be_strange(std::uint16_t port) {
    const std::vector<int> dripping = take_places(port);
    const std::array hostile = {"GET /../x HTTP/1.1\r\nHost: h\r\n\r\n"sv, "GET /x HTTP/1.1\nHost: h\n\n"sv,
                                "\x16\x03\x01\x02\r\n"sv, "TRACE / HTTP/1.1\r\nHost: h\r\nHost: g\r\n\r\n"sv};
    const std::string huge = "GET /x HTTP/1.1\r\nHost: h\r\nX: " + std::string(100'000, 'x');
    for (std::size_t round = 0;; ++round) {
        for (const int fd : dripping) say(fd, "x");
        for (const std::string_view bytes : hostile) {
            const int fd = dial(port);
            say(fd, bytes);
            ::close(fd);
        }
        const int fd = dial(port);
        say(fd, round % 8 == 0 ? huge : kHonest);
        std::array<char, 4096> answer{};
        static_cast<void>(::recv(fd, answer.data(), answer.size(), 0));
        ::close(fd);
    }
}

/// Pushes to every stream a hundred times a second, as the page's server may.
struct Streams {
    explicit Streams(Loop& loop) : timer(loop, [this] { push(); }) { timer.arm_after(10ms); }

    std::shared_ptr<http::Stream> add() {
        open.push_back(std::make_shared<http::Stream>());
        return open.back();
    }
    void push() {
        std::erase_if(open, [](const auto& stream) { return stream->closed(); });
        for (const auto& stream : open) stream->push(std::string(10'000, 'x'));
        timer.arm_after(10ms);
    }

    std::vector<std::shared_ptr<http::Stream>> open;
    LoopTimer timer;
};

} // namespace

Figures strangers() {
    Loop loop;
    Streams streams(loop);
    int answered = 0;
    http::Server::Options options;
    options.connections_max = options.connections_per_address_max = 400;
    const http::Server server(loop, options, [&](const http::Request& request, const http::Respond& respond) {
        ++answered;
        http::Reply reply;
        if (request.path == "/stream") reply.stream = streams.add();
        if (request.path == "/large") reply.body = std::string(std::size_t{4} << 20, 'x');
        respond(reply);
    });
    const pid_t stranger = ::fork();
    if (stranger == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        be_strange(server.port());
    }
    LoopTimer end(loop, [&] { loop.exit(0); });
    end.arm_after(5s);
    loop.run();
    ::kill(stranger, SIGKILL);
    ::waitpid(stranger, nullptr, 0);
    const auto lag = std::chrono::duration_cast<std::chrono::microseconds>(loop.longest_turn());
    return {{.name = "longest turn of the loop",
             .asked = "≤ 50 ms",
             .measured = fmt::format("{:.1f} ms", static_cast<double>(lag.count()) / 1000),
             .met = lag <= 50ms},
            {.name = "honest requests answered", .asked = "-", .measured = std::to_string(answered)}};
}

} // namespace reeld::bench
