/// One request under way: what it asks, the handle that carries it, and what has come of it so far.
///
/// It stays where it is from preparation to end, since libcurl holds pointers into it. Threading: the loop's
/// thread.
#pragma once

#include "daemon/net/answer_sink.h"
#include "daemon/net/curl_easy.h"
#include "daemon/net/failure.h"
#include "daemon/net/http.h"
#include "daemon/net/request_body.h"
#include "daemon/net/send_gate.h"

#include <array>
#include <string>

namespace reeld {

/// What all transfers of one Http have in common.
struct TransferDefaults {
    std::string user_agent;
    std::string ca_file;  ///< PEM; empty: wherever libcurl looks for certificates.
    std::string no_proxy; ///< Hosts that are reached without a proxy, in libcurl's syntax.
};

class Transfer {
public:
    /// Puts all of `request` onto `easy`, which is fresh or reset. Whether that worked is easy().setup().
    Transfer(Http::Ticket ticket, HttpRequest request, Http::Done done, CurlEasy easy,
             const TransferDefaults& defaults, Instant started_at);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// The transfer that a handle carries.
    [[nodiscard]] static Transfer& of(CURL* easy);

    /// What came of it, given libcurl's result. Call once, after the end.
    [[nodiscard]] HttpAnswer answer(CURLcode result, Instant ended_at);

    /// The same for a transfer that libcurl could not start or gave up together with all others.
    [[nodiscard]] HttpAnswer broken_off(const std::string& cause, Instant ended_at);

    /// Hands the handle back for another request.
    [[nodiscard]] CurlEasy take_easy() { return std::move(easy_); }

    [[nodiscard]] CurlEasy& easy() { return easy_; }
    [[nodiscard]] Http::Ticket ticket() const { return ticket_; }
    [[nodiscard]] Http::Done take_done() { return std::move(done_); }

private:
    void prepare(const TransferDefaults& defaults);
    void prepare_security(const TransferDefaults& defaults);
    void prepare_once();
    void prepare_repeatable();
    void prepare_headers();
    [[nodiscard]] bool is_complete(const TransferEnd& end) const;
    [[nodiscard]] HttpAnswer conclude(TransferEnd end, Instant ended_at);

    Http::Ticket ticket_;
    HttpRequest request_;
    Http::Done done_;
    Instant started_at_;
    CurlHeaders headers_;
    OneShotBody body_;
    SendGate gate_;
    AnswerSink sink_;
    std::array<char, CURL_ERROR_SIZE> details_{};
    CurlEasy easy_; // Last, so that it goes first: it points at the members above.
};

} // namespace reeld
