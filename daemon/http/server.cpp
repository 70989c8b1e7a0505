#include "daemon/http/server.h"

#include "daemon/http/peer.h"
#include "daemon/http/server_impl.h"

#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace reeld::http {

namespace {

/// Connections beyond the limit that are let in to find out that another one must go: what libmicrohttpd
/// accepts in one turn, and a few that are on their way out.
constexpr unsigned kReserve = 16;

/// Room of a connection beside the request's head: libmicrohttpd's own notes on the headers, and the head of
/// the reply.
constexpr std::size_t kOtherBytes = std::size_t{16} << 10;

/// Whether the client has said its last, and everything before it has been read. libmicrohttpd 0.9.75 misses
/// an end that arrives together with the bytes before it.
bool has_ended(int fd) {
    char next = 0;
    return ::recv(fd, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

} // namespace

void Respond::operator()(Reply reply) const {
    if (!wanted()) {
        if (reply.stream) reply.stream->finish();
        return;
    }
    ticket_->reply = std::move(reply);
    ticket_->server->answered(ticket_->connection);
}

bool Respond::wanted() const {
    return ticket_ && ticket_->server != nullptr && !ticket_->reply;
}

Server::Impl::Impl(Loop& its_loop, Options its_options, Answer its_answer)
    : loop(its_loop), options(std::move(its_options)), answer(std::move(its_answer)),
      listener(options.listen), due(loop, [this] { turn(); }), sweeping(loop, [this] { sweep(); }) {
    // Where one address may have all places, it is ours to make room for its next client, too: the library
    // only closes the newcomer.
    const unsigned of_one_address = options.connections_per_address_max < options.connections_max
                                        ? options.connections_per_address_max
                                        : 0;
    daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, on_request, this,
                              MHD_OPTION_LISTEN_SOCKET, listener.take(), MHD_OPTION_CONNECTION_LIMIT,
                              options.connections_max + kReserve, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                              of_one_address, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                              2 * options.header_bytes_max + kOtherBytes, MHD_OPTION_STRICT_FOR_CLIENT, 0,
                              MHD_OPTION_URI_LOG_CALLBACK, on_target, this, MHD_OPTION_NOTIFY_COMPLETED,
                              on_completed, this, MHD_OPTION_NOTIFY_CONNECTION, on_connection, this,
                              MHD_OPTION_END);
    if (daemon == nullptr) throw std::runtime_error("cannot start the HTTP server: no memory or descriptors");
    readable = loop.watch_fd(MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, EPOLLIN,
                             [this](std::uint32_t) { turn(); });
}

Server::Impl::~Impl() {
    readable.reset();
    // libmicrohttpd ends the program when it is stopped with suspended connections.
    for (auto& [handle, connection] : connections) {
        connection.cut = true;
        if (connection.suspended) resume(handle, connection);
    }
    MHD_stop_daemon(daemon);
}

/// One turn of libmicrohttpd: when its descriptor is readable, and when there is more to do at once. It looks
/// for resumed connections at the beginning only, and forgets those of its turn when it names its next one.
void Server::Impl::turn() {
    resumed = false;
    asked_in_turn = false;
    turn_began = loop.now().at;
    MHD_run(daemon);
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    if (resumed) {
        due.arm_after(Duration::zero());
    } else if (MHD_get_timeout(daemon, &wait_ms) == MHD_YES) {
        due.arm_after(std::chrono::milliseconds{static_cast<std::int64_t>(wait_ms)});
    } else {
        due.disarm();
    }
}

void Server::Impl::on_connection(void* cls, MHD_Connection* handle, void**,
                                 MHD_ConnectionNotificationCode code) {
    auto& self = *static_cast<Impl*>(cls);
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        self.connections.erase(handle);
        return;
    }
    // An idle daemon sleeps.
    if (self.connections.empty()) self.sweeping.arm_after(self.options.sweep_interval);
    Connection& connection = self.connections[handle];
    connection.fd = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    connection.peer = peer_of(connection.fd);
    self.enter(connection, Phase::idle);
    if (self.connections.size() > self.options.connections_max) self.make_room(handle);
}

void Server::Impl::make_room(MHD_Connection* newcomer) {
    std::size_t staying = 0;
    auto victim = connections.find(newcomer);
    for (auto it = connections.begin(); it != connections.end(); ++it) {
        const Connection& one = it->second;
        if (one.cut) continue;
        ++staying;
        const bool older = victim->first == newcomer || one.since < victim->second.since;
        if (one.phase == Phase::idle && it->first != newcomer && older) victim = it;
    }
    if (staying > options.connections_max) cut(victim->first, victim->second);
}

void Server::Impl::enter(Connection& connection, Phase phase) {
    connection.phase = phase;
    connection.since = loop.now().at;
}

void Server::Impl::answered(MHD_Connection* handle) {
    const auto found = connections.find(handle);
    if (found != connections.end() && found->second.suspended) resume(handle, found->second);
}

void Server::Impl::suspend(MHD_Connection* handle, Connection& connection, std::uint32_t events) {
    connection.suspended = true;
    MHD_suspend_connection(handle);
    connection.gone = loop.watch_fd(connection.fd, events, [this, handle](std::uint32_t) {
        const auto found = connections.find(handle);
        if (found != connections.end()) cut(handle, found->second);
    });
}

void Server::Impl::resume(MHD_Connection* handle, Connection& connection) {
    connection.suspended = false;
    resumed = true;
    MHD_resume_connection(handle);
    due.arm_after(Duration::zero());
    connection.gone.reset(); // Last: it may hold the callback that is running.
}

/// libmicrohttpd sees the end of the stream and closes; what was suspended is closed when it is looked at.
void Server::Impl::cut(MHD_Connection* handle, Connection& connection) {
    connection.cut = true;
    ::shutdown(connection.fd, SHUT_RDWR);
    if (connection.suspended) resume(handle, connection);
}

Duration Server::Impl::time_for(Phase phase) const {
    switch (phase) {
    case Phase::idle: return options.idle_timeout;
    case Phase::receiving: return options.request_timeout;
    case Phase::waiting: return options.answer_timeout;
    case Phase::stalled: return options.stall_max;
    case Phase::replying: return options.reply_timeout;
    default: return Duration::max();
    }
}

void Server::Impl::overdue(MHD_Connection* handle, Connection& connection) {
    if (connection.phase != Phase::waiting) return cut(handle, connection);
    enter(connection, Phase::replying);
    answered(handle);
}

void Server::Impl::sweep() {
    const Instant now = loop.now().at;
    for (auto& [handle, connection] : connections) {
        if (connection.cut) continue;
        if (now - connection.since >= time_for(connection.phase)) {
            overdue(handle, connection);
        } else if (connection.phase <= Phase::receiving && has_ended(connection.fd)) {
            cut(handle, connection);
        }
    }
    if (!connections.empty()) sweeping.arm_after(options.sweep_interval);
}

Server::Server(Loop& loop, Options options, Answer answer)
    : impl_(std::make_unique<Impl>(loop, std::move(options), std::move(answer))) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
    return impl_->listener.port();
}

std::size_t Server::connections() const {
    return impl_->connections.size();
}

} // namespace reeld::http
