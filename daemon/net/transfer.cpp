#include "daemon/net/transfer.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>

namespace reeld {

namespace {

/// libcurl counts in milliseconds and takes 0 for "no limit".
long timeout_ms(Duration timeout) {
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
    return static_cast<long>(std::max<std::int64_t>(1, whole));
}

} // namespace

Transfer::Transfer(Http::Ticket ticket, HttpRequest request, Http::Done done, CurlEasy easy,
                   const TransferDefaults& defaults, Instant started_at)
    : ticket_{ticket}, request_{std::move(request)}, done_{std::move(done)}, started_at_{started_at},
      body_{request_.body}, sink_{request_.answer_bytes_max}, easy_{std::move(easy)} {
    assert(request_.method == "GET" || request_.method == "POST");
    prepare(defaults);
}

void Transfer::prepare(const TransferDefaults& defaults) {
    easy_.set(CURLOPT_PRIVATE, this);
    easy_.set(CURLOPT_URL, request_.url.c_str());
    if (!request_.unix_socket.empty()) easy_.set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
    easy_.set(CURLOPT_USERAGENT, defaults.user_agent.c_str());
    easy_.set(CURLOPT_ERRORBUFFER, details_.data());
    easy_.set(CURLOPT_NOSIGNAL, 1L);
    // A timeout must not wait for a slow name lookup to end: its thread is left to finish on its own.
    easy_.set(CURLOPT_QUICK_EXIT, 1L);
    easy_.set(CURLOPT_CONNECTTIMEOUT_MS, timeout_ms(request_.connect_timeout));
    easy_.set(CURLOPT_TIMEOUT_MS, timeout_ms(request_.total_timeout));
    // A redirect is data. To follow one would carry the key to wherever it points.
    easy_.set(CURLOPT_FOLLOWLOCATION, 0L);
    prepare_security(defaults);
    gate_.attach(easy_, request_.kind == HttpRequest::Kind::once);
    sink_.attach(easy_);
    request_.method == "POST" ? easy_.set(CURLOPT_POST, 1L) : easy_.set(CURLOPT_HTTPGET, 1L);
    request_.kind == HttpRequest::Kind::once ? prepare_once() : prepare_repeatable();
    prepare_headers();
}

void Transfer::prepare_security(const TransferDefaults& defaults) {
    easy_.set(CURLOPT_PROTOCOLS_STR, "http,https");
    easy_.set(CURLOPT_NOPROXY, defaults.no_proxy.c_str());
    // What a proxy answers to CONNECT is not an answer to the request.
    easy_.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!defaults.ca_file.empty()) {
        easy_.set(CURLOPT_CAINFO, defaults.ca_file.c_str());
        easy_.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr)); // Beside it, the file is never kept.
    }
}

/// Each line here closes a way by which libcurl sends a request a second time; together they are the recipe.
void Transfer::prepare_once() {
    // A request on a reused connection that dies is sent again. A fresh one that nobody reuses is not.
    easy_.set(CURLOPT_FRESH_CONNECT, 1L);
    easy_.set(CURLOPT_FORBID_REUSE, 1L);
    // An HTTP/2 stream that the server refuses is sent again, even on a fresh connection.
    easy_.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    if (request_.method == "POST") body_.attach(easy_);
}

void Transfer::prepare_repeatable() {
    easy_.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    if (request_.method != "POST") return;
    easy_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    easy_.set(CURLOPT_POSTFIELDS, request_.body.c_str());
}

void Transfer::prepare_headers() {
    bool added = true;
    for (const std::string& line : request_.headers) {
        assert(line.find_first_of("\r\n") == std::string::npos && "a header is one line");
        added = added && headers_.add(line);
    }
    // Without this, libcurl asks for leave to send a large body, and sends anew when it is refused.
    added = added && headers_.add("Expect:");
    if (!added) easy_.fail_setup(CURLE_OUT_OF_MEMORY);
    easy_.set(CURLOPT_HTTPHEADER, headers_.list());
}

Transfer& Transfer::of(CURL* easy) {
    char* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    return *static_cast<Transfer*>(static_cast<void*>(self));
}

bool Transfer::is_complete(const TransferEnd& end) const {
    if (end.result != CURLE_OK) return false;
    // A body that ends with its connection is legal HTTP and good enough where asking again is free.
    const bool may_end_with_connection = request_.kind == HttpRequest::Kind::repeatable;
    return end.answer == AnswerSink::State::complete ||
           (end.answer == AnswerSink::State::end_unknown && may_end_with_connection);
}

HttpAnswer Transfer::answer(CURLcode result, Instant ended_at) {
    return conclude({.result = result,
                     .os_errno = easy_.os_errno(),
                     .details = details_.data(),
                     .answer = sink_.state(),
                     .may_have_left = gate_.opened()},
                    ended_at);
}

HttpAnswer Transfer::broken_off(const std::string& cause, Instant ended_at) {
    return conclude({.result = CURLE_ABORTED_BY_CALLBACK,
                     .details = cause,
                     .answer = sink_.state(),
                     .may_have_left = gate_.opened()},
                    ended_at);
}

HttpAnswer Transfer::conclude(TransferEnd end, Instant ended_at) {
    HttpAnswer answer;
    sink_.hand_over(answer);
    answer.took = ended_at - started_at_;
    if (is_complete(end)) {
        answer.outcome = HttpAnswer::Outcome::answered;
        return answer;
    }
    end.status = answer.status;
    answer.outcome = end.may_have_left ? HttpAnswer::Outcome::lost : HttpAnswer::Outcome::not_sent;
    answer.cause = failure_cause(request_, end);
    return answer;
}

} // namespace reeld
