// What strangers send, byte for byte: whatever is no well-formed request is refused unread, its connection is
// closed, and nothing behind it is taken for a request.

#include "tests/daemon/http/host.h"
#include "tests/support/temp_folder.h"

namespace reeld::http {

using namespace test;
using namespace std::string_literals;

namespace {

const std::string kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

struct Case {
    std::string what;
    std::string bytes;
    /// Of the answer; 0: the connection ends without one. (Of a Content-Length that it cannot read,
    /// libmicrohttpd says so twice.)
    int status;
};

std::string get(std::string_view target) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", target);
}

std::string with(std::string_view headers) {
    return fmt::format("GET /x HTTP/1.1\r\nHost: h\r\n{}\r\n", headers);
}

std::string chunked(std::string_view body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}

std::string long_text(std::size_t bytes) {
    return std::string(bytes, 'x');
}

/// Where a request ends, told in two ways or in none.
std::vector<Case> framing() {
    return {
        {"length beside chunked", post("Content-Length: 35\r\nTransfer-Encoding: chunked\r\n", kSmuggled),
         400},
        {"chunked beside length",
         post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" + kSmuggled), 400},
        {"two lengths", post("Content-Length: 0\r\nContent-Length: 35\r\n", kSmuggled), 400},
        {"the same length twice", post("Content-Length: 4\r\nContent-Length: 4\r\n", "body"), 400},
        {"a list of lengths", post("Content-Length: 4, 4\r\n", "body" + kSmuggled), 400},
        {"a length that is no number", post("Content-Length: 1x\r\n", kSmuggled), 400},
        {"a negative length", post("Content-Length: -1\r\n", kSmuggled), 400},
        {"a length with a sign", post("Content-Length: +1\r\n", kSmuggled), 400},
        {"a hexadecimal length", post("Content-Length: 0x4\r\n", "body"), 400},
        {"an empty length", post("Content-Length:\r\n", kSmuggled), 400},
        {"a length with a blank in it", post("Content-Length: 1 0\r\n", kSmuggled), 400},
        {"a length beyond all numbers", post("Content-Length: 99999999999999999999999\r\n", ""), 413},
        {"a length beyond the limit", post("Content-Length: 1048577\r\n", ""), 413},
        {"two encodings",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n" + kSmuggled), 400},
        {"chunked twice",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + kSmuggled), 400},
        {"gzip and chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n" + kSmuggled), 400},
        {"identity", post("Transfer-Encoding: identity\r\n", kSmuggled), 400},
        {"an encoding nobody knows", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + kSmuggled), 400},
        {"chunked with a blank behind", post("Transfer-Encoding: chunked \r\n", "0\r\n\r\n" + kSmuggled),
         400},
        {"chunked with a tab before the colon",
         post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n" + kSmuggled), 400},
        {"chunked on a folded line", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" + kSmuggled),
         400},
        {"a quoted encoding", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n" + kSmuggled), 400},
        {"chunked in HTTP/1.0", "POST /p HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         411},
        {"a chunk without a size", chunked("\r\nabc\r\n0\r\n\r\n"), 400},
        {"a chunk size that is no number", chunked("zz\r\nabc\r\n0\r\n\r\n"), 400},
        {"a negative chunk size", chunked("-1\r\nabc\r\n0\r\n\r\n"), 400},
        {"a chunk size beyond all numbers", chunked("ffffffffffffffffff\r\nabc\r\n0\r\n\r\n"), 413},
        {"a chunk longer than its size", chunked("3\r\nabcdef\r\n0\r\n\r\n"), 400},
        {"a blank before the chunk size", chunked(" 3\r\nabc\r\n0\r\n\r\n"), 400},
    };
}

/// Lines that two readers would take for different ones.
std::vector<Case> spelling() {
    return {
        {"no Host", "GET /x HTTP/1.1\r\n\r\n", 400},
        {"no Host in HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n", 400},
        {"two Hosts", "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"the same Host twice", "GET /x HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400},
        {"a Host that is none", "GET /x HTTP/1.1\r\nHost: a/b@c\r\n\r\n", 400},
        {"a folded header", with("X-Long: a\r\n b\r\n"), 400},
        {"a header folded with a tab", with("X-Long: a\r\n\tb\r\n"), 400},
        {"a fold before the first header", "GET /x HTTP/1.1\r\n X: y\r\nHost: h\r\n\r\n", 400},
        {"a blank before the colon", with("Content-Length : 35\r\n") + kSmuggled, 400},
        {"a header without a colon", with("X-Header\r\n"), 400},
        {"a header without a name", with(": x\r\n"), 400},
        {"a header whose name has a blank", with("X Y: z\r\n"), 400},
        {"a header whose name is not ASCII", with("X-\xc3\xa9: z\r\n"), 400},
        {"a bare line feed behind the request line", "GET /x HTTP/1.1\nHost: h\r\n\r\n", 400},
        {"bare line feeds throughout", "GET /x HTTP/1.1\nHost: h\n\n", 400},
        {"a bare line feed behind a header", "GET /x HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400},
        {"a bare line feed for the empty line", "GET /x HTTP/1.1\r\nHost: h\r\n\n", 400},
        {"a bare line feed behind the last header", "GET /x HTTP/1.1\r\nHost: h\n\r\n", 400},
        {"a bare carriage return in a header", with("X: a\rContent-Length: 35\r\n") + kSmuggled, 400},
        {"a NUL in a value", with("X: a\0b\r\n"s), 400},
        {"a NUL that ends a value", with("X: a\0\r\n"s), 400},
        {"two NULs that look like a line end", with("X: a\0\0Y\0 b\r\n"s), 400},
        {"a NUL in a name", with("X\0Y: a\r\n"s), 400},
        {"a NUL in the path", "GET /x\0y HTTP/1.1\r\nHost: h\r\n\r\n"s, 400},
        {"a NUL behind the version", "GET /x HTTP/1.1\0\r\nHost: h\r\n\r\n"s, 400},
        {"a control character in a value", with("X: a\x01z\r\n"), 400},
        {"two Origins", with("Origin: http://a\r\nOrigin: http://b\r\n"), 400},
        {"headers beyond the limit", with("X-Long: " + long_text(20'000) + "\r\n"), 431},
        {"headers beyond all room", with("X-Long: " + long_text(200'000) + "\r\n"), 431},
        {"more headers than there is room for", with([] {
             std::string all;
             for (int i = 0; i < 3000; ++i) all += fmt::format("X-{}: y\r\n", i);
             return all;
         }()),
         431},
    };
}

/// Request lines.
std::vector<Case> lines() {
    return {
        {"a path beyond all room", get("/" + long_text(200'000)), 414},
        {"a path beyond the limit", get("/" + long_text(20'000)), 431},
        {"a method beyond the limit", long_text(1'000) + " /x HTTP/1.1\r\nHost: h\r\n\r\n", 501},
        {"a method without end", long_text(200'000), 414},
        {"a method that is no word", "G(T /x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"TRACE", "TRACE /x HTTP/1.1\r\nHost: h\r\n\r\n", 501},
        {"CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 501},
        {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"a whole URI", get("http://h/x"), 400},
        {"an authority", get("//h/x@y:z#"), 400},
        {"no slash", get("x"), 400},
        {"a fragment", get("/x#y"), 400},
        {"a path that climbs", get("/../etc/passwd"), 400},
        {"a path that climbs further down", get("/a/b/../../../etc"), 400},
        {"a path that ends in ..", get("/a/.."), 400},
        {"a path that climbs, encoded", get("/%2e%2e/etc"), 400},
        {"a path that climbs, half encoded", get("/a/.%2E/b"), 400},
        {"a path that climbs behind an encoded slash", get("/a%2f..%2fb"), 400},
        {"%00", get("/x%00y"), 400},
        {"an encoded line end", get("/x%0d%0aSet-Cookie:y"), 400},
        {"an encoded DEL", get("/x%7f"), 400},
        {"% without digits", get("/x%zz"), 400},
        {"% at the end", get("/x%2"), 400},
        {"% without digits in the query", get("/x?a=%g1"), 400},
        {"%00 in the query", get("/x?a=%00"), 400},
        {"a path that is no UTF-8", get("/%ff%fe"), 400},
        {"an overlong slash", get("/a%c0%af.."), 400},
        {"a path that is not encoded", get("/caf\xc3\xa9"), 400},
        {"a tab in the path", get("/a\tb"), 400},
        {"a blank in the path", get("/a b"), 400},
        {"two blanks in the request line", "GET  /x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"a blank at the request line's end", "GET /x HTTP/1.1 \r\nHost: h\r\n\r\n", 400},
        {"a blank at the request line's beginning", " GET /x HTTP/1.1\r\nHost: h\r\n\r\n", 0},
        {"HTTP/0.9", "GET /x\r\n", 400},
        {"HTTP/0.9 by name", "GET /x HTTP/0.9\r\nHost: h\r\n\r\n", 505},
        {"HTTP/1.2", "GET /x HTTP/1.2\r\nHost: h\r\n\r\n", 505},
        {"HTTP/2.0", "GET /x HTTP/2.0\r\nHost: h\r\n\r\n", 505},
        {"HTTP/3 to come", "GET /x HTTP/11.1\r\nHost: h\r\n\r\n", 400},
        {"http/1.1", "GET /x http/1.1\r\nHost: h\r\n\r\n", 400},
        {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"a TLS handshake", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n"s, 0},
        {"garbage", "\xff\xfe\xfd\r\n\r\n", 0},
    };
}

/// Sends the bytes and waits until the server has closed the connection, however the client feels about it.
void check_refused(const Case& one, Host& host, RawClient& client) {
    CAPTURE(one.what);
    client.send(one.bytes);
    client.wait_for_end();
    CHECK(status_of(client.received()) == one.status);
    CHECK(client.received().find("HTTP/1.1 200") == std::string::npos);
    CHECK(host.asked.empty());
    client.turn_until([&] { return host.server.connections() == 0; });
}

Server::Options taking_chunks() {
    Server::Options options = patient();
    options.chunked_bodies = true;
    return options;
}

} // namespace

TEST_CASE("what is no well-formed request is refused unread and its connection closed, on either door") {
    const TempFolder folder;
    Host tcp(taking_chunks());
    Server::Options on_file = taking_chunks();
    on_file.listen.unix_path = folder / "socket";
    Host file(on_file);
    for (const std::vector<Case>& table : {framing(), spelling(), lines()}) {
        for (const Case& one : table) {
            RawClient over_tcp(tcp.loop, tcp.server.port());
            check_refused(one, tcp, over_tcp);
            RawClient over_file(file.loop, on_file.listen.unix_path);
            check_refused(one, file, over_file);
        }
    }
}

TEST_CASE("what is unusual and well-formed is answered") {
    struct Good {
        std::string what;
        std::string bytes;
        std::vector<std::string> asked;
    };
    const std::vector<Good> table = {
        {"three at once", get("/1") + get("/2") + get("/3"), {"GET /1", "GET /2", "GET /3"}},
        {"one behind a body",
         post("Content-Length: 4\r\n", "body" + get("/2")),
         {"POST /p [body]", "GET /2"}},
        {"one behind chunks",
         chunked("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: z\r\n\r\n" + get("/2")),
         {"POST /p [abcde]", "GET /2"}},
        {"an empty line before it", "\r\n" + get("/1"), {"GET /1"}},
        {"no blank behind the colon", "GET / HTTP/1.1\r\nHost:h\r\nX:\r\n\r\n", {"GET /"}},
        {"blanks around a value", with("X: \t y z \t \r\n"), {"GET /x"}},
        {"a percent sign that stays one", get("/%252e%252e/x"), {"GET /%2e%2e/x"}},
        {"dots that climb nowhere", get("/..a/b../.../."), {"GET /..a/b../.../."}},
        {"letters beyond ASCII, encoded", get("/caf%C3%A9"), {"GET /caf\xc3\xa9"}},
        {"a query with everything",
         get("/x?a=1&a=2&&b&=c&d=%26+%0a&e=/../?"),
         {"GET /x a=1 a=2 b= =c d=& \n e=/../?"}},
        {"OPTIONS of a path", "OPTIONS /x HTTP/1.1\r\nHost: h\r\n\r\n", {"OPTIONS /x"}},
        {"a method nobody knows", "BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n", {"BREW /pot"}},
        {"HTTP/1.0", "GET /x HTTP/1.0\r\nHost: h\r\n\r\n", {"GET /x"}},
        {"chunked in capitals", post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), {"POST /p"}},
    };
    for (const Good& good : table) {
        CAPTURE(good.what);
        Host host(taking_chunks());
        RawClient client(host.loop, host.server.port());
        client.send(good.bytes);
        client.close_half();
        client.wait_for_end();
        CHECK(status_of(client.received()) == 200);
        CHECK(host.asked == good.asked);
    }
}

TEST_CASE("a body over the limit is refused by its announced length, before it is sent") {
    Server::Options options = patient();
    options.body_bytes_max = 100;
    Host host(options);
    CHECK(status_of(host.exchange(post("Content-Length: 101\r\n", ""))) == 413);
    CHECK(status_of(host.exchange(post("Content-Length: 101\r\nExpect: 100-continue\r\n", ""))) == 413);
    CHECK(status_of(host.exchange(post("Content-Length: 100\r\n", long_text(100)))) == 200);
    CHECK(host.asked.size() == 1);
}

TEST_CASE("a body over the limit that does not announce its length is refused too") {
    Server::Options options = taking_chunks();
    options.body_bytes_max = 100;
    Host host(options);
    const std::string chunk = "40\r\n" + long_text(64) + "\r\n";
    CHECK(status_of(host.exchange(chunked(chunk + chunk + "0\r\n\r\n"))) == 413);
    CHECK(host.asked.empty());
}

TEST_CASE("chunks are refused unless a server is told to take them") {
    Host host;
    CHECK(status_of(host.exchange(chunked("0\r\n\r\n"))) == 411);
    CHECK(host.asked.empty());
}

TEST_CASE("a refusal tells what was wrong, in the words of the server's owner") {
    Host host;
    const std::string answer = host.exchange(get("/.."));
    CHECK(body_of(answer) == R"({"error":{"message":"bad request: the path climbs"}})");
    CHECK(has_line(answer, "Connection: close"));
    Server::Options options = patient();
    options.refusal = [](const Refusal& refusal) {
        return Reply{.status = refusal.status, .body = "no"};
    };
    Host other(options);
    CHECK(body_of(other.exchange(get("/.."))) == "no");
}

} // namespace reeld::http
