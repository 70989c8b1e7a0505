/// Takes an answer's header lines and body from libcurl, within limits, and knows whether all of it came.
///
/// libcurl reports a status line that is followed by a close as success with an empty body, since HTTP lets
/// a body end with its connection. Whoever pays per request needs to know better, so this looks at the
/// framing itself: `Content-Length` reached, or chunks, whose end libcurl checks.
///
/// Ownership: borrowed by the transfer, so it must stay where it is until that ends.
#pragma once

#include "daemon/net/curl_easy.h"
#include "daemon/net/http.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

class AnswerSink {
public:
    /// All header lines of all the answers to one request, interim ones included. An ordinary answer has
    /// less than a thousandth of that; the limit is against a server that never stops.
    static constexpr std::size_t header_bytes_max = std::size_t{256} << 10;

    explicit AnswerSink(std::size_t body_bytes_max) : body_bytes_max_{body_bytes_max} {}
    AnswerSink(const AnswerSink&) = delete;
    AnswerSink& operator=(const AnswerSink&) = delete;

    void attach(CurlEasy& easy);

    enum class State : std::uint8_t {
        nothing,          ///< Not even a status line, or only an interim (1xx) answer.
        in_headers,       ///< A status line, but not the end of the headers.
        cut_off,          ///< Fewer body bytes than the headers promise.
        end_unknown,      ///< Headers, but no framing: what came may be all or not.
        complete,         ///< Provided that libcurl reported success: everything.
        headers_too_long, ///< The transfer was ended at header_bytes_max.
        body_too_long,    ///< The transfer was ended at body_bytes_max.
    };
    [[nodiscard]] State state() const;

    /// Moves status, headers and body into `answer`.
    void hand_over(HttpAnswer& answer);

    /// One header line with its end of line, as libcurl hands it out: status line first, an empty line last.
    /// False: too long, end the transfer.
    [[nodiscard]] bool take_header(std::string_view line);

    /// Some of the body. False: too long, end the transfer.
    [[nodiscard]] bool take_body(std::string_view bytes);

private:
    /// What is forgotten when another status line comes (after `100 Continue`).
    struct Head {
        int status = 0;
        bool finished = false; ///< The empty line came.
        bool framed = false;   ///< Chunks, or HTTP/2 and later, where libcurl checks the end.
        std::optional<std::uint64_t> content_length;
        std::string retry_after, date, content_type, request_id;
    };

    void start_head(std::string_view status_line);
    void take_field(std::string_view name, std::string_view value);

    std::size_t body_bytes_max_;
    std::size_t header_bytes_ = 0;
    bool body_too_long_ = false;
    Head head_;
    std::string body_;
};

} // namespace reeld
