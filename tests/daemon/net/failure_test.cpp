#include "daemon/net/failure.h"

#include <cerrno>
#include <doctest/doctest.h>

namespace reeld {

using State = AnswerSink::State;

namespace {

const HttpRequest request{.method = "POST",
                          .url = "https://user:word@api.example.com/v1/prediction/?token=abc",
                          .headers = {"X-API-Key: secret"},
                          .body = "prompt"};

std::string cause(const TransferEnd& end) {
    return failure_cause(request, end);
}

} // namespace

TEST_CASE("a peer is named by host and port, and by nothing else of the URL") {
    CHECK(peer_name(request.url) == "api.example.com port 443");
    CHECK(peer_name("http://127.0.0.1:8080/x") == "127.0.0.1 port 8080");
    CHECK(peer_name("http://[::1]/") == "[::1] port 80");
    CHECK(peer_name("") == "an address that is not a URL");
}

TEST_CASE("a cause tells what happened, to whom, why, and whether anything was sent") {
    CHECK(cause({.result = CURLE_COULDNT_CONNECT, .os_errno = ECONNREFUSED}) ==
          "could not connect to api.example.com port 443: Connection refused; nothing was sent");
    CHECK(cause({.result = CURLE_COULDNT_CONNECT, .details = "no route"}) ==
          "could not connect to api.example.com port 443: no route; nothing was sent");
    CHECK(
        cause({.result = CURLE_RECV_ERROR, .os_errno = ECONNRESET, .may_have_left = true}) ==
        "talking to api.example.com port 443 failed: Connection reset by peer; the request may have arrived");
    CHECK(cause({.result = CURLE_GOT_NOTHING, .may_have_left = true}) ==
          "api.example.com port 443 closed the connection without an answer; the request may have arrived");
    CHECK(
        cause({.result = CURLE_SSL_CONNECT_ERROR, .details = "bad certificate"}) ==
        "could not make a secure connection to api.example.com port 443: bad certificate; nothing was sent");
}

TEST_CASE("a timeout names the limit that was reached") {
    CHECK(cause({.result = CURLE_OPERATION_TIMEDOUT}) ==
          "no connection to api.example.com port 443 within 10 s; nothing was sent");
    CHECK(cause({.result = CURLE_OPERATION_TIMEDOUT, .may_have_left = true}) ==
          "no complete answer from api.example.com port 443 within 60 s; the request may have arrived");
}

TEST_CASE("a broken answer tells its status, and how it is broken") {
    CHECK(cause({.answer = State::nothing, .may_have_left = true})
              .starts_with("api.example.com port 443 gave no answer;"));
    CHECK(
        cause({.result = CURLE_PARTIAL_FILE, .answer = State::cut_off, .status = 200, .may_have_left = true})
            .starts_with("api.example.com port 443 broke its answer (status 200) off;"));
    CHECK(
        cause({.answer = State::end_unknown, .status = 502, .may_have_left = true})
            .starts_with("the answer from api.example.com port 443 (status 502) ended with its connection"));
    CHECK(cause({.result = CURLE_WRITE_ERROR, .answer = State::headers_too_long, .may_have_left = true})
              .starts_with("the headers of the answer from api.example.com port 443 are longer than 262144"));
}

} // namespace reeld
