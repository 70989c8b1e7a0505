#include "daemon/sandbox/http_server.h"

#include "daemon/sandbox/header_check.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unordered_map>

namespace reeld::sandbox {

namespace {

/// Waiting clients that the kernel holds for us: a burst of creates on fresh connections.
constexpr unsigned kBacklog = 1024;

/// Room for a connection's headers; libmicrohttpd answers 431 to more.
constexpr std::size_t kHeaderBytesMax = std::size_t{32} << 10;

/// A request as it comes in piece by piece.
struct Exchange {
    std::string body;
    bool too_large = false;
    bool stalled = false; ///< It will not be answered any more.
};

/// An open connection, as far as libmicrohttpd does not look after it.
struct Connection {
    int fd = -1;
    Instant since; ///< The end of its last request, or its start.
    bool stalled = false;
    Loop::Watch gone; ///< While it is stalled: the client going away.
};

MHD_Result check_header(void* cls, MHD_ValueKind, const char* name, const char* value) {
    static_cast<HeaderCheck*>(cls)->add(name, value == nullptr ? "" : value);
    return MHD_YES;
}

MHD_Result collect_query(void* cls, MHD_ValueKind, const char* name, const char* value) {
    auto& query = *static_cast<decltype(Request::query)*>(cls);
    query.emplace_back(name, value == nullptr ? "" : value);
    return MHD_YES;
}

std::string_view header(MHD_Connection* connection, const char* name) {
    const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value == nullptr ? std::string_view{} : std::string_view{value};
}

int socket_of(MHD_Connection* connection) {
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == nullptr ? -1 : info->connect_fd;
}

/// A reply that is cut short: its length is promised, half of it is sent.
struct HalfBody {
    std::string bytes;
};

ssize_t read_half(void* cls, std::uint64_t position, char* buffer, std::size_t room) {
    const auto& body = *static_cast<const HalfBody*>(cls);
    const std::size_t half = body.bytes.size() / 2;
    if (position >= half) return MHD_CONTENT_READER_END_WITH_ERROR;
    const std::size_t count = std::min(room, half - static_cast<std::size_t>(position));
    std::memcpy(buffer, body.bytes.data() + position, count);
    return static_cast<ssize_t>(count);
}

void free_half(void* cls) {
    delete static_cast<HalfBody*>(cls);
}

MHD_Response* make_response(const Reply& reply) {
    if (reply.delivery == Delivery::half) {
        constexpr std::size_t kBlock = 1024;
        return MHD_create_response_from_callback(reply.body.size(), kBlock, read_half,
                                                 new HalfBody{reply.body}, free_half);
    }
    // The library copies the bytes, so it does not write through the pointer.
    return MHD_create_response_from_buffer(reply.body.size(), const_cast<char*>(reply.body.data()),
                                           MHD_RESPMEM_MUST_COPY);
}

MHD_Result send(MHD_Connection* connection, const Reply& reply) {
    MHD_Response* response = make_response(reply);
    if (response == nullptr) return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.content_type.c_str());
    for (const auto& [name, value] : reply.headers) {
        MHD_add_response_header(response, name.c_str(), value.c_str());
    }
    if (const std::string_view id = header(connection, "X-Request-Id"); !id.empty()) {
        MHD_add_response_header(response, "X-Request-Id", id.data());
    }
    const MHD_Result queued = MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
    MHD_destroy_response(response);
    return queued;
}

/// A connection whose request cannot be trusted to end where it seems to is not used for another.
MHD_Result send_and_close(MHD_Connection* connection, const Problem& problem) {
    Reply reply = refusal(problem, ErrorShape::both);
    reply.headers.emplace_back(MHD_HTTP_HEADER_CONNECTION, "close");
    return send(connection, reply);
}

std::optional<Problem> problem_with_headers(MHD_Connection* connection, std::size_t body_bytes_max) {
    HeaderCheck check;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, check_header, &check);
    return check.problem(body_bytes_max);
}

/// Makes the kernel reset the connection: dissolving the association of an open TCP socket sends an RST at
/// once. What libmicrohttpd does to the socket afterwards has no effect on the client.
void reset_connection(int fd) {
    sockaddr address{};
    address.sa_family = AF_UNSPEC;
    static_cast<void>(::connect(fd, &address, sizeof address));
}

} // namespace

struct HttpServer::Impl {
    Impl(Loop& its_loop, const Options& its_options, Answer its_answer);
    ~Impl();

    static MHD_Result on_request(void* cls, MHD_Connection* connection, const char* url, const char* method,
                                 const char* version, const char* upload, std::size_t* upload_size,
                                 void** context);
    static void on_completed(void* cls, MHD_Connection* connection, void** context,
                             MHD_RequestTerminationCode code);
    static void on_connection(void* cls, MHD_Connection* connection, void** context,
                              MHD_ConnectionNotificationCode code);

    MHD_Result answer_request(MHD_Connection* connection, std::string_view url, std::string_view method,
                              Exchange& exchange);
    MHD_Result stall(MHD_Connection* connection, Exchange& exchange);
    void let_go(MHD_Connection* connection);
    void turn();
    void sweep();

    Loop& loop;
    Options options;
    Answer answer;
    MHD_Daemon* daemon = nullptr;
    std::uint16_t port = 0;
    std::unordered_map<MHD_Connection*, Connection> connections;
    Loop::Watch readable;
    LoopTimer due;
    LoopTimer sweeping;
};

HttpServer::Impl::Impl(Loop& its_loop, const Options& its_options, Answer its_answer)
    : loop(its_loop), options(its_options), answer(std::move(its_answer)), due(loop, [this] { turn(); }),
      sweeping(loop, [this] { sweep(); }) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto idle = std::chrono::ceil<std::chrono::seconds>(options.idle_timeout).count();
    errno = 0;
    daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, options.port, nullptr, nullptr, on_request, this,
        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_LISTEN_BACKLOG_SIZE, kBacklog, MHD_OPTION_CONNECTION_LIMIT,
        options.connections_max, MHD_OPTION_PER_IP_CONNECTION_LIMIT, options.connections_max,
        MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(idle), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        kHeaderBytesMax, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, on_completed, this,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, this, MHD_OPTION_END);
    if (daemon == nullptr) {
        throw std::runtime_error(fmt::format("cannot listen on 127.0.0.1:{}: {}; choose another --port, or 0 "
                                             "for a free one",
                                             options.port, std::strerror(errno)));
    }
    port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    readable = loop.watch_fd(MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, EPOLLIN,
                             [this](std::uint32_t) { turn(); });
    sweeping.arm_after(options.sweep_interval);
}

HttpServer::Impl::~Impl() {
    readable.reset();
    // libmicrohttpd ends the program when it is stopped with suspended connections.
    for (auto& [handle, connection] : connections) {
        connection.gone.reset();
        if (connection.stalled) MHD_resume_connection(handle);
    }
    MHD_stop_daemon(daemon);
}

/// One turn of libmicrohttpd: when its descriptor is readable, and when it asked to be called again.
void HttpServer::Impl::turn() {
    MHD_run(daemon);
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    if (MHD_get_timeout(daemon, &wait_ms) == MHD_YES) {
        due.arm_after(std::chrono::milliseconds{static_cast<std::int64_t>(wait_ms)});
    } else {
        due.disarm();
    }
}

/// Ends connections that are over their deadline.
void HttpServer::Impl::sweep() {
    const Instant now = loop.now().at;
    for (auto& [handle, connection] : connections) {
        const Duration age = now - connection.since;
        if (connection.stalled && age >= options.stall_max) {
            let_go(handle);
        } else if (!connection.stalled && age >= options.request_timeout) {
            // libmicrohttpd sees the end of the stream and closes.
            ::shutdown(connection.fd, SHUT_RDWR);
        }
    }
    sweeping.arm_after(options.sweep_interval);
}

void HttpServer::Impl::on_connection(void* cls, MHD_Connection* connection, void**,
                                     MHD_ConnectionNotificationCode code) {
    auto& self = *static_cast<Impl*>(cls);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        self.connections[connection] = {socket_of(connection), self.loop.now().at, false, {}};
    } else {
        self.connections.erase(connection);
    }
}

void HttpServer::Impl::on_completed(void* cls, MHD_Connection* connection, void** context,
                                    MHD_RequestTerminationCode) {
    auto& self = *static_cast<Impl*>(cls);
    delete static_cast<Exchange*>(*context);
    *context = nullptr;
    const auto found = self.connections.find(connection);
    if (found != self.connections.end()) found->second.since = self.loop.now().at;
}

/// libmicrohttpd calls it with the headers, then with each piece of the body, then at the end of the
/// request; and once more when a stalled connection is let go.
MHD_Result HttpServer::Impl::on_request(void* cls, MHD_Connection* connection, const char* url,
                                        const char* method, const char*, const char* upload,
                                        std::size_t* upload_size, void** context) {
    auto& self = *static_cast<Impl*>(cls);
    if (*context == nullptr) {
        *context = new Exchange;
        const auto problem = problem_with_headers(connection, self.options.body_bytes_max);
        return problem ? send_and_close(connection, *problem) : MHD_YES;
    }
    auto& exchange = *static_cast<Exchange*>(*context);
    if (exchange.stalled) return MHD_NO;
    if (*upload_size == 0) return self.answer_request(connection, url, method, exchange);
    // A chunked body shows its size only as it comes. A reply is not possible before its end.
    exchange.too_large =
        exchange.too_large || exchange.body.size() + *upload_size > self.options.body_bytes_max;
    if (!exchange.too_large) exchange.body.append(upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
}

MHD_Result HttpServer::Impl::answer_request(MHD_Connection* connection, std::string_view url,
                                            std::string_view method, Exchange& exchange) {
    if (exchange.too_large) {
        return send_and_close(connection, {413, "Request body too large",
                                           fmt::format("at most {} bytes", options.body_bytes_max)});
    }
    Request request;
    request.method = method;
    request.path = url;
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect_query, &request.query);
    request.x_api_key = header(connection, "X-API-Key");
    request.authorization = header(connection, MHD_HTTP_HEADER_AUTHORIZATION);
    request.range = header(connection, MHD_HTTP_HEADER_RANGE);
    request.if_range = header(connection, MHD_HTTP_HEADER_IF_RANGE);
    request.body = exchange.body;
    const Reply reply = answer(request);
    switch (reply.delivery) {
    case Delivery::close: return MHD_NO;
    case Delivery::reset: reset_connection(socket_of(connection)); return MHD_NO;
    case Delivery::stall: return stall(connection, exchange);
    default: return send(connection, reply);
    }
}

/// Suspended, a connection is neither answered nor timed out, and its client's leaving goes unnoticed;
/// hence a watch of our own.
MHD_Result HttpServer::Impl::stall(MHD_Connection* connection, Exchange& exchange) {
    exchange.stalled = true;
    Connection& stalled = connections[connection];
    stalled.stalled = true;
    stalled.since = loop.now().at;
    MHD_suspend_connection(connection);
    stalled.gone =
        loop.watch_fd(stalled.fd, EPOLLRDHUP, [this, connection](std::uint32_t) { let_go(connection); });
    return MHD_YES;
}

void HttpServer::Impl::let_go(MHD_Connection* connection) {
    Connection& stalled = connections[connection];
    stalled.stalled = false;
    stalled.since = loop.now().at;
    MHD_resume_connection(connection);
    due.arm_after(Duration::zero());
    stalled.gone.reset(); // Last: it may hold the callback that is running.
}

HttpServer::HttpServer(Loop& loop, const Options& options, Answer answer)
    : impl_(std::make_unique<Impl>(loop, options, std::move(answer))) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
    return impl_->port;
}

std::size_t HttpServer::connections() const {
    return impl_->connections.size();
}

} // namespace reeld::sandbox
