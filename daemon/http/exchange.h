/// What the server keeps of a connection and of a request under way. Private to this folder.
///
/// Lifetimes: a Connection lives from libmicrohttpd's "started" to its "closed", an Exchange from the request
/// line to "completed", which always comes before "closed". A Ticket is shared with whoever may answer, and
/// outlives both; it is cut off (`server` becomes null) when its exchange ends.
#pragma once

#include "daemon/http/server.h"
#include "daemon/http/target.h"

#include <cstdint>
#include <microhttpd.h>
#include <optional>
#include <string>

namespace reeld::http {

/// What a connection is at, which decides on its deadline.
enum class Phase : std::uint8_t {
    idle,      ///< No request line has come.
    receiving, ///< The rest of the request is coming.
    waiting,   ///< For the Answer to call its Respond.
    stalled,   ///< By Delivery::stall.
    replying,  ///< The client is taking the reply; of a stream, what is there of it.
    listening, ///< To a stream, of which it has taken everything. No deadline.
};

/// An open connection, as far as libmicrohttpd does not look after it.
struct Connection {
    int fd = -1;
    Peer peer;
    Phase phase = Phase::idle;
    Instant since;          ///< When the phase began, or its client last took part of a stream.
    bool suspended = false; ///< libmicrohttpd leaves it alone until it is resumed.
    bool cut = false;       ///< It is being ended; nothing is to be done for it any more.
    Loop::Watch gone;       ///< While it is suspended: the client going away, which goes unnoticed otherwise.
};

/// The promise of a reply. Without a server nobody waits for it any more.
struct Ticket {
    Server::Impl* server = nullptr;
    MHD_Connection* connection = nullptr;
    std::optional<Reply> reply;
};

/// A request as it comes in piece by piece.
struct Exchange {
    enum class Stage : std::uint8_t {
        head,  ///< The request line has come, the headers have not.
        body,  ///< The headers are good.
        asked, ///< The Answer has been called.
    };

    Stage stage = Stage::head;
    const char* target_at = nullptr; ///< Where libmicrohttpd has the target; it decodes it in place.
    std::string raw_target;          ///< As it came.
    Target target;
    std::string body;
    bool too_large = false;
    std::shared_ptr<Ticket> ticket; ///< Since it was asked.
};

} // namespace reeld::http
