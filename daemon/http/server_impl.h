/// The inside of the server: libmicrohttpd's callbacks and the deadlines. Private to this folder.
///
/// libmicrohttpd calls back in the middle of its own work. Nothing that runs there ends a connection or
/// answers another one at once: cut() and answered() only leave marks, which the library finds when it looks
/// at that connection next.
#pragma once

#include "daemon/http/exchange.h"
#include "daemon/http/listener.h"

#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace reeld::http {

struct Server::Impl {
    Impl(Loop& its_loop, Options its_options, Answer its_answer);
    ~Impl();

    /// A connection has begun or ended.
    static void on_connection(void* cls, MHD_Connection* handle, void** context,
                              MHD_ConnectionNotificationCode code);
    /// A request line has come. Returns the Exchange.
    static void* on_target(void* cls, const char* target, MHD_Connection* handle);
    /// Called with the headers, then with each piece of the body, then at the end of the request until there
    /// is a reply.
    static MHD_Result on_request(void* cls, MHD_Connection* handle, const char* url, const char* method,
                                 const char* version, const char* upload, std::size_t* upload_size,
                                 void** context);
    /// A reply has been sent, or the connection has failed. Ends the Exchange.
    static void on_completed(void* cls, MHD_Connection* handle, void** context,
                             MHD_RequestTerminationCode code);

    MHD_Result check_head(MHD_Connection* handle, Exchange& exchange, const char* method,
                          const char* version);
    void take_body(Exchange& exchange, std::string_view piece) const;
    MHD_Result ask(MHD_Connection* handle, Exchange& exchange, const char* method);
    MHD_Result give_answer(MHD_Connection* handle, Exchange& exchange);
    MHD_Result deliver(MHD_Connection* handle, Reply reply);
    MHD_Result refuse_and_close(MHD_Connection* handle, const Refusal& refusal);

    /// There is a reply on the ticket of a connection, which may or may not be suspended.
    void answered(MHD_Connection* handle);
    /// Leaves the connection alone until it is resumed; `events` of its socket, beside errors, end it.
    void suspend(MHD_Connection* handle, Connection& connection, std::uint32_t events);
    void resume(MHD_Connection* handle, Connection& connection);
    /// Ends a connection, whatever it is at.
    void cut(MHD_Connection* handle, Connection& connection);
    void enter(Connection& connection, Phase phase);
    /// There is one connection too many: ends the one that was idle longest, or else `newcomer`.
    void make_room(MHD_Connection* newcomer);

    void turn();
    void sweep();
    [[nodiscard]] Duration time_for(Phase phase) const;
    /// The deadline of the connection's phase has passed.
    void overdue(MHD_Connection* handle, Connection& connection);

    Loop& loop;
    Options options;
    Answer answer;
    Listener listener;
    MHD_Daemon* daemon = nullptr;
    std::unordered_map<MHD_Connection*, Connection> connections;
    Instant turn_began;         ///< The last turn of libmicrohttpd.
    bool asked_in_turn = false; ///< Whether it has led to an Answer yet.
    bool resumed = false;       ///< Since the last turn of libmicrohttpd began.
    Loop::Watch readable;
    LoopTimer due;
    LoopTimer sweeping;
};

} // namespace reeld::http
