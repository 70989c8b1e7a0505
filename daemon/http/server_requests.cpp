#include "daemon/http/head_check.h"
#include "daemon/http/header_check.h"
#include "daemon/http/letters.h"
#include "daemon/http/response.h"
#include "daemon/http/server_impl.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

namespace reeld::http {

namespace {

/// Longer than any method that there is.
constexpr std::size_t kMethodBytesMax = 32;

MHD_Result add_to_check(void* cls, MHD_ValueKind, const char* name, std::size_t name_size, const char* value,
                        std::size_t value_size) {
    static_cast<HeaderCheck*>(cls)->add({name, name_size}, {value == nullptr ? "" : value, value_size});
    return MHD_YES;
}

MHD_Result add_to_headers(void* cls, MHD_ValueKind, const char* name, std::size_t name_size,
                          const char* value, std::size_t value_size) {
    std::string_view text{value == nullptr ? "" : value, value_size};
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    static_cast<Request::Pairs*>(cls)->emplace_back(std::string_view{name, name_size}, text);
    return MHD_YES;
}

/// A reply's own header goes before what every reply has.
void add_missing(std::vector<std::pair<std::string, std::string>>& headers,
                 const std::vector<std::pair<std::string, std::string>>& of_all) {
    for (const auto& common : of_all) {
        const auto is_it = [&](const auto& header) {
            return same_letters(header.first, common.first);
        };
        if (std::ranges::none_of(headers, is_it)) headers.push_back(common);
    }
}

std::size_t head_bytes(MHD_Connection* handle) {
    const MHD_ConnectionInfo* found =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return found == nullptr ? 0 : found->header_size;
}

/// Whether the request line and the headers were spelled as they should be: see head_check.h.
bool is_strict_head(MHD_Connection* handle, const Exchange& exchange, const char* method,
                    const char* version) {
    if (!reads_in_place()) return true;
    const std::size_t bytes = head_bytes(handle);
    const char* const target = method + std::strlen(method) + 1;
    const char* const after = target + exchange.raw_target.size() + 1;
    const std::size_t line = static_cast<std::size_t>(after - method) + std::strlen("HTTP/1.1") + 2;
    if (exchange.target_at != target || version != after || bytes < line) return false;
    const std::string_view head{method, bytes};
    if (head[line - 2] != '\0' || head[line - 1] != '\0') return false;
    const int count = MHD_get_connection_values_n(handle, MHD_HEADER_KIND, nullptr, nullptr);
    return is_strict(head.substr(line), static_cast<std::size_t>(count));
}

std::optional<Refusal> problem_with_line(std::string_view method, std::string_view version) {
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return Refusal{505, "only HTTP/1.1 is spoken here", ""};
    }
    if (!is_token(method)) return Refusal{400, "bad request: the method is not a word", ""};
    if (method.size() > kMethodBytesMax || method == "CONNECT" || method == "TRACE") {
        return Refusal{501, "no such method", ""};
    }
    return std::nullopt;
}

/// Makes the kernel reset the connection: dissolving the association of an open TCP socket sends an RST at
/// once. What libmicrohttpd does to the socket afterwards has no effect on the client.
void reset_connection(int fd) {
    sockaddr address{};
    address.sa_family = AF_UNSPEC;
    static_cast<void>(::connect(fd, &address, sizeof address));
}

} // namespace

void* Server::Impl::on_target(void* cls, const char* target, MHD_Connection* handle) {
    auto& self = *static_cast<Impl*>(cls);
    const auto found = self.connections.find(handle);
    if (found != self.connections.end()) self.enter(found->second, Phase::receiving);
    auto* exchange = new Exchange;
    exchange->target_at = target;
    if (target != nullptr) exchange->raw_target = target;
    return exchange;
}

void Server::Impl::on_completed(void* cls, MHD_Connection* handle, void** context,
                                MHD_RequestTerminationCode) {
    auto& self = *static_cast<Impl*>(cls);
    auto* exchange = static_cast<Exchange*>(*context);
    if (exchange != nullptr && exchange->ticket) {
        Ticket& ticket = *exchange->ticket;
        ticket.server = nullptr;
        // A reply that came too late to be begun.
        if (ticket.reply && ticket.reply->stream) ticket.reply->stream->finish();
    }
    delete exchange;
    *context = nullptr;
    const auto found = self.connections.find(handle);
    if (found != self.connections.end()) self.enter(found->second, Phase::idle);
}

MHD_Result Server::Impl::on_request(void* cls, MHD_Connection* handle, const char*, const char* method,
                                    const char* version, const char* upload, std::size_t* upload_size,
                                    void** context) {
    auto& self = *static_cast<Impl*>(cls);
    auto* exchange = static_cast<Exchange*>(*context);
    const auto found = self.connections.find(handle);
    if (exchange == nullptr || found == self.connections.end() || found->second.cut) return MHD_NO;
    switch (exchange->stage) {
    case Exchange::Stage::head: return self.check_head(handle, *exchange, method, version);
    case Exchange::Stage::body: break;
    case Exchange::Stage::asked: return self.give_answer(handle, *exchange);
    }
    if (*upload_size == 0) return self.ask(handle, *exchange, method);
    self.take_body(*exchange, {upload, *upload_size});
    *upload_size = 0;
    return MHD_YES;
}

/// Refuses before the body is read: the connection is closed then, so that nothing in it is taken for a
/// request.
MHD_Result Server::Impl::check_head(MHD_Connection* handle, Exchange& exchange, const char* method,
                                    const char* version) {
    exchange.stage = Exchange::Stage::body;
    if (const auto refusal = problem_with_line(method, version)) return refuse_and_close(handle, *refusal);
    if (head_bytes(handle) > options.header_bytes_max) {
        const std::string limit = fmt::format("at most {} bytes", options.header_bytes_max);
        return refuse_and_close(handle, {431, "the headers are too long", limit});
    }
    if (!is_strict_head(handle, exchange, method, version)) {
        return refuse_and_close(handle, {400, "bad request: the headers are not spelled as HTTP/1.1", ""});
    }
    HeaderCheck check;
    MHD_get_connection_values_n(handle, MHD_HEADER_KIND, add_to_check, &check);
    const bool chunked = options.chunked_bodies && std::string_view(version) != "HTTP/1.0";
    if (const auto refusal = check.refusal({options.body_bytes_max, chunked})) {
        return refuse_and_close(handle, *refusal);
    }
    auto target = read_target(exchange.raw_target);
    if (const auto* refusal = std::get_if<Refusal>(&target)) return refuse_and_close(handle, *refusal);
    exchange.target = std::get<Target>(std::move(target));
    return MHD_YES;
}

/// A chunked body shows its size only as it comes, and a reply is not possible before its end.
void Server::Impl::take_body(Exchange& exchange, std::string_view piece) const {
    exchange.too_large = exchange.too_large || piece.size() > options.body_bytes_max - exchange.body.size();
    if (exchange.too_large) {
        exchange.body.clear();
    } else {
        exchange.body.append(piece);
    }
}

MHD_Result Server::Impl::ask(MHD_Connection* handle, Exchange& exchange, const char* method) {
    // All that is ready is answered in one turn of libmicrohttpd, which may be hundreds; it calls again for
    // those that are left alone now.
    if (asked_in_turn && loop.now().at - turn_began >= Loop::turn_time_max) return MHD_YES;
    asked_in_turn = true;
    exchange.stage = Exchange::Stage::asked;
    if (exchange.too_large) {
        const std::string limit = fmt::format("at most {} bytes", options.body_bytes_max);
        return refuse_and_close(handle, {413, "the body is too large", limit});
    }
    Connection& connection = connections[handle];
    enter(connection, Phase::waiting);
    exchange.ticket = std::make_shared<Ticket>(Ticket{this, handle, {}});
    Request request{.method = method, .path = exchange.target.path, .body = exchange.body};
    for (const auto& [name, value] : exchange.target.query) request.query.emplace_back(name, value);
    MHD_get_connection_values_n(handle, MHD_HEADER_KIND, add_to_headers, &request.headers);
    request.peer = connection.peer;
    answer(request, Respond{exchange.ticket});
    if (exchange.ticket->reply) return give_answer(handle, exchange);
    // Not suspended yet. Had it been now, libmicrohttpd would, before all else, read when it is resumed: and
    // a client that has closed its half of the connection would be dropped unanswered. It calls again at
    // once, with that behind it.
    return MHD_YES;
}

MHD_Result Server::Impl::give_answer(MHD_Connection* handle, Exchange& exchange) {
    Connection& connection = connections[handle];
    if (!exchange.ticket->reply && connection.phase == Phase::waiting) {
        suspend(handle, connection, 0);
        return MHD_YES;
    }
    exchange.ticket->server = nullptr;
    if (exchange.ticket->reply) {
        Reply reply = std::move(*exchange.ticket->reply);
        exchange.ticket->reply.reset();
        return deliver(handle, std::move(reply));
    }
    if (connection.phase != Phase::replying) return MHD_NO;
    return deliver(handle, options.refusal({503, "no answer came in time", "try again later"}));
}

MHD_Result Server::Impl::deliver(MHD_Connection* handle, Reply reply) {
    Connection& connection = connections[handle];
    switch (reply.delivery) {
    case Delivery::close: return MHD_NO;
    case Delivery::reset: reset_connection(connection.fd); return MHD_NO;
    case Delivery::stall:
        enter(connection, Phase::stalled);
        suspend(handle, connection, EPOLLRDHUP);
        return MHD_YES;
    default: break;
    }
    enter(connection, Phase::replying);
    const auto status = static_cast<unsigned>(reply.status);
    add_missing(reply.headers, options.headers);
    MHD_Response* response = make_response(std::move(reply), *this, handle);
    if (response == nullptr) return MHD_NO;
    const MHD_Result queued = MHD_queue_response(handle, status, response);
    MHD_destroy_response(response);
    return queued;
}

MHD_Result Server::Impl::refuse_and_close(MHD_Connection* handle, const Refusal& refusal) {
    Reply reply = options.refusal(refusal);
    reply.headers.emplace_back(MHD_HTTP_HEADER_CONNECTION, "close");
    return deliver(handle, std::move(reply));
}

} // namespace reeld::http
