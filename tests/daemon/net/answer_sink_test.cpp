#include "daemon/net/answer_sink.h"

#include <doctest/doctest.h>
#include <initializer_list>

namespace reeld {

using State = AnswerSink::State;

namespace {

void take(AnswerSink& sink, std::initializer_list<std::string_view> lines) {
    for (const std::string_view line : lines) CHECK(sink.take_header(line));
}

} // namespace

TEST_CASE("an answer is complete when as much of the body has come as its headers promise") {
    AnswerSink sink{100};
    CHECK(sink.state() == State::nothing);
    take(sink, {"HTTP/1.1 200 OK\r\n"});
    CHECK(sink.state() == State::in_headers);
    take(sink, {"Content-Length: 4\r\n", "\r\n"});
    CHECK(sink.state() == State::cut_off);
    CHECK(sink.take_body("ab"));
    CHECK(sink.state() == State::cut_off);
    CHECK(sink.take_body("cd"));
    CHECK(sink.state() == State::complete);
}

TEST_CASE("chunks and HTTP/2 have an end of their own, a bare body has none") {
    for (const std::string_view encoding :
         {"Transfer-Encoding: chunked\r\n", "transfer-encoding: gzip, Chunked\r\n"}) {
        AnswerSink chunked{100};
        take(chunked, {"HTTP/1.1 200 OK\r\n", encoding, "\r\n"});
        CHECK(chunked.state() == State::complete);
    }
    AnswerSink http2{100};
    take(http2, {"HTTP/2 200\r\n", "\r\n"});
    CHECK(http2.state() == State::complete);
    AnswerSink bare{100};
    take(bare, {"HTTP/1.1 200 OK\r\n", "Transfer-Encoding: gzip\r\n", "\r\n"});
    CHECK(bare.state() == State::end_unknown);
}

TEST_CASE("an answer that cannot have a body is complete with its headers") {
    for (const std::string_view line : {"HTTP/1.1 204 No Content\r\n", "HTTP/1.1 304 Not Modified\r\n"}) {
        AnswerSink sink{100};
        take(sink, {line, "\r\n"});
        CHECK(sink.state() == State::complete);
    }
}

TEST_CASE("an interim answer is none, and nothing of it stays") {
    AnswerSink sink{100};
    take(sink, {"HTTP/1.1 103 Early Hints\r\n", "Retry-After: 9\r\n", "Content-Length: 0\r\n", "\r\n"});
    CHECK(sink.state() == State::nothing);
    take(sink, {"HTTP/1.1 200 OK\r\n", "\r\n"});
    CHECK(sink.state() == State::end_unknown);
    HttpAnswer answer;
    sink.hand_over(answer);
    CHECK(answer.status == 200);
    CHECK(answer.retry_after.empty());
}

TEST_CASE("what comes behind the chunks cannot change the headers") {
    AnswerSink sink{100};
    take(sink, {"HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n", "Date: then\r\n", "\r\n"});
    CHECK(sink.take_body("x"));
    take(sink, {"Date: later\r\n", "Content-Length: 5\r\n"});
    CHECK(sink.state() == State::complete);
    HttpAnswer answer;
    sink.hand_over(answer);
    CHECK(answer.date == "then");
}

TEST_CASE("lines that are no fields and statuses that are no numbers do no harm") {
    AnswerSink sink{100};
    take(sink, {"HTTP/1.1\r\n", "no colon\r\n", ":\r\n", "Content-Length: -1\r\n", "\r\n"});
    CHECK(sink.state() == State::nothing);
    take(sink, {"HTTP/1.1 2x0 OK\r\n"});
    CHECK(sink.state() == State::nothing);
    take(sink, {"HTTP/1.1 200 OK\r\n", "Content-Length: 99999999999999999999\r\n", "\r\n"});
    CHECK(sink.state() == State::end_unknown);
}

TEST_CASE("the limits hold to the byte") {
    AnswerSink body{3};
    take(body, {"HTTP/1.1 200 OK\r\n", "\r\n"});
    CHECK(body.take_body("abc"));
    CHECK_FALSE(body.take_body("d"));
    CHECK(body.state() == State::body_too_long);
    AnswerSink headers{3};
    CHECK(headers.take_header(std::string(AnswerSink::header_bytes_max, 'x')));
    CHECK_FALSE(headers.take_header("x"));
    CHECK(headers.state() == State::headers_too_long);
}

} // namespace reeld
