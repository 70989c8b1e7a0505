/// What is sent back: a whole body, a stream without end, or, for the sandbox, something that goes wrong.
#pragma once

#include "daemon/http/stream.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace reeld::http {

/// How a reply reaches the client, if it does. All but the first are the sandbox's misbehaviours.
enum class Delivery : std::uint8_t {
    whole,
    half,  ///< The whole length is promised, half of the body is sent, then the connection is closed.
    close, ///< Closed in an orderly way, without a byte of an answer.
    reset, ///< Reset (RST), without a byte of an answer; a unix socket is closed instead.
    stall, ///< Nothing, until the client goes away or Options::stall_max has passed.
};

struct Reply {
    int status = 200; ///< 200 to 599.
    std::string body;
    std::string content_type = "application/json"; ///< Empty: none is sent.
    /// Beside content type, length and date. A name or value with a control character is left out.
    std::vector<std::pair<std::string, std::string>> headers;
    Delivery delivery = Delivery::whole;
    /// When set, what is pushed into it is the body, and `body` is not sent. One stream is for one reply.
    std::shared_ptr<Stream> stream;
};

/// Why the server itself refuses a request. The message is for a person; the remedy may be empty.
struct Refusal {
    int status = 400;
    std::string message;
    std::string remedy;
};

/// {"error": {"message": MESSAGE, "remedy": REMEDY}}: how the daemon's own servers refuse.
[[nodiscard]] Reply refuse(const Refusal& refusal);

} // namespace reeld::http
