/// The promise that costs money: a request of kind once reaches the server one time, whatever the server does
/// to it, and the client never takes a broken answer for a whole one or says "not sent" of what arrived.
#include "daemon/net/http.h"

#include "tests/support/fault_server.h"
#include "tests/support/fetch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_identity.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <memory>

namespace reeld {

using namespace std::chrono_literals;
using test::answer;
using test::FaultServer;
using test::fetch;
using test::Reaction;
using test::ReceivedRequest;
using Then = Reaction::Then;
using Outcome = HttpAnswer::Outcome;

namespace {

struct Fault {
    std::string name;
    Reaction reaction;
    Outcome outcome;
    int status; ///< Of the answer as the client reports it.
};

const std::string garbage = std::string("\x16\x03\x01\x00\xff", 5) + " SSH-2.0 what\r\n\r\n";

const std::string framed = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Every way in which an answer can fail to come.
std::vector<Fault> broken_answers() {
    return {
        {"closes", {"", Then::close}, Outcome::lost, 0},
        {"resets", {"", Then::reset}, Outcome::lost, 0},
        {"half a status line", {"HTTP/1.", Then::close}, Outcome::lost, 0},
        {"a status line without its end", {"HTTP/1.1 200 OK", Then::close}, Outcome::lost, 0},
        {"a status line and a close", {"HTTP/1.1 200 OK\r\n", Then::close}, Outcome::lost, 200},
        {"a status line and a reset", {"HTTP/1.1 200 OK\r\n", Then::reset}, Outcome::lost, 200},
        {"headers cut before the empty line",
         {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", Then::close},
         Outcome::lost,
         200},
        {"no body and no length", {"HTTP/1.1 200 OK\r\n\r\n", Then::close}, Outcome::lost, 200},
        {"a body without a length", {"HTTP/1.1 200 OK\r\n\r\n{\"id\":1}", Then::close}, Outcome::lost, 200},
        {"half a body", {framed + "12345", Then::close}, Outcome::lost, 200},
        {"half a body and a reset", {framed + "12345", Then::reset}, Outcome::lost, 200},
        {"half a chunk", {chunked + "a\r\n12345", Then::close}, Outcome::lost, 200},
        {"chunks without the last", {chunked + "5\r\n12345\r\n", Then::close}, Outcome::lost, 200},
        {"a body beyond the limit",
         {"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", Then::flood},
         Outcome::lost,
         200},
        {"headers without end", {"HTTP/1.1 200 OK\r\nX: ", Then::flood}, Outcome::lost, 200},
        {"garbage", {garbage, Then::close}, Outcome::lost, 0},
        {"only an interim answer", {"HTTP/1.1 100 Continue\r\n\r\n", Then::close}, Outcome::lost, 0},
        {"an unasked change of protocol",
         {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", Then::close},
         Outcome::lost,
         0},
        {"a length that is no number",
         {"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n0123456789", Then::close},
         Outcome::lost,
         200},
    };
}

/// Those that look strange and are whole.
std::vector<Fault> whole_answers() {
    return {
        {"5xx", answer(503, "overloaded"), Outcome::answered, 503},
        {"401 with a challenge", answer(401, "no", "WWW-Authenticate: Basic realm=\"x\"\r\n"),
         Outcome::answered, 401},
        {"408 and a close",
         {answer(408, "", "Connection: close\r\n").bytes, Then::close},
         Outcome::answered,
         408},
        {"417", answer(417, ""), Outcome::answered, 417},
        {"307", answer(307, "", "Location: /other\r\n"), Outcome::answered, 307},
        {"more than the length promises", {framed + "0123456789garbage", Then::keep}, Outcome::answered, 200},
        {"an interim answer first",
         {"HTTP/1.1 103 Early Hints\r\n\r\n" + framed + "0123456789", Then::keep},
         Outcome::answered,
         200},
        {"chunks to the last",
         {chunked + "5\r\n12345\r\n5\r\n67890\r\n0\r\n\r\n", Then::keep},
         Outcome::answered,
         200},
        {"204", {"HTTP/1.1 204 No Content\r\n\r\n", Then::close}, Outcome::answered, 204},
        {"an answer and a close", {answer(200, "0123456789").bytes, Then::close}, Outcome::answered, 200},
    };
}

/// Those that only a timeout ends.
std::vector<Fault> endless_faults() {
    const std::string long_framed = "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n";
    return {
        {"stalls", {"", Then::stall}, Outcome::lost, 0},
        {"half a body and a stall", {framed + "12345", Then::stall}, Outcome::lost, 200},
        {"a body byte by byte", {long_framed, Then::drip}, Outcome::lost, 200},
        {"headers byte by byte", {"HTTP/1.1 200 OK\r\nX: ", Then::drip}, Outcome::lost, 200},
    };
}

/// One server with all the faults, each on a target of its own, and one client that trusts it.
struct Stage {
    Stage(const std::vector<Fault>& faults, const test::TlsIdentity* identity)
        : server{[faults](const ReceivedRequest& request) { return react(faults, request); }, identity} {
        if (identity != nullptr) std::ofstream{folder / "ca.pem"} << identity->certificate_pem();
        http = std::make_unique<Http>(
            loop,
            Http::Options{.ca_file = identity != nullptr ? (folder / "ca.pem").string() : std::string{}});
    }

    static Reaction react(const std::vector<Fault>& faults, const ReceivedRequest& request) {
        if (request.target() == "/warm") return answer(200, "warm");
        if (request.target() == "*") return {"", Then::close}; // HTTP/2's first words.
        return faults.at(std::stoul(request.target().substr(1))).reaction;
    }

    /// Leaves idle connections in the pool, as polls do.
    void warm_up() {
        for (int i = 0; i < 3; ++i) http->start({.url = server.url("/warm")}, [](HttpAnswer&&) {});
        finish_all();
        CHECK(server.requests("/warm") == 3);
    }

    void finish_all() {
        while (http->active() > 0) loop.turn(test::turn_wait_max);
    }

    HttpRequest create(std::size_t number, Duration total_timeout = 60s) {
        return {.kind = HttpRequest::Kind::once,
                .method = "POST",
                .url = server.url("/" + std::to_string(number)),
                .headers = {"Content-Type: application/json"},
                .body = R"({"model":"m"})",
                .total_timeout = total_timeout};
    }

    /// No request can be on its way to the server any more: its counts are final.
    void close() {
        http.reset();
        server.finish();
    }

    test::TempFolder folder;
    FaultServer server;
    Loop loop;
    std::unique_ptr<Http> http;
};

void check_answer(const Fault& fault, const HttpAnswer& got) {
    CAPTURE(fault.name);
    CAPTURE(got.cause);
    CHECK(got.outcome == fault.outcome);
    CHECK(got.status == fault.status);
    CHECK(got.cause.empty() == (fault.outcome == Outcome::answered));
    if (got.outcome == Outcome::lost) CHECK(got.cause.ends_with("; the request may have arrived"));
}

void check_all_faults(const test::TlsIdentity* identity, bool warm) {
    CAPTURE(warm);
    std::vector<Fault> all = broken_answers();
    std::ranges::move(whole_answers(), std::back_inserter(all));
    Stage stage{all, identity};
    if (warm) stage.warm_up();
    for (std::size_t i = 0; i < all.size(); ++i)
        stage.http->start(stage.create(i), [&all, i](HttpAnswer&& got) { check_answer(all[i], got); });
    stage.finish_all();
    stage.close();
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(all[i].name);
        CHECK(stage.server.requests("/" + std::to_string(i)) == 1);
    }
}

} // namespace

TEST_CASE(
    "a request of kind once reaches the server once, whatever the server does, on cold and warm pools") {
    for (const bool warm : {false, true}) check_all_faults(nullptr, warm);
}

TEST_CASE("a request of kind once reaches the server once over TLS, too") {
    const test::TlsIdentity identity{test::TlsIdentity::Prefers::http1};
    for (const bool warm : {false, true}) check_all_faults(&identity, warm);
}

TEST_CASE("a request of kind once that times out reaches the server once, or is known not to have left") {
    const std::vector<Fault> all = endless_faults();
    Stage stage{all, nullptr};
    stage.warm_up();
    std::vector<int> losses;
    for (std::size_t i = 0; i < all.size(); ++i) {
        int lost = 0;
        HttpAnswer got;
        // On a busy machine a short timeout may come before the connection or the answer's first bytes.
        for (Duration timeout = 25ms; lost == 0 || got.status != all[i].status; timeout *= 2) {
            got = fetch(stage.loop, *stage.http, stage.create(i, timeout));
            if (got.outcome == Outcome::lost) ++lost;
        }
        check_answer(all[i], got);
        CHECK(got.cause.starts_with("no complete answer from 127.0.0.1 port "));
        losses.push_back(lost);
    }
    stage.close();
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(stage.server.requests("/" + std::to_string(i)) >= 1);
        CHECK(stage.server.requests("/" + std::to_string(i)) <= losses[i]);
    }
}

TEST_CASE("the fault server and its count would notice a second sending") {
    // The same POST as an ordinary request through a warm pool: libcurl sends it again by itself.
    for (const Reaction& reaction : {Reaction{"", Then::close}, Reaction{"", Then::reset}}) {
        Stage stage{{{"dies", reaction, Outcome::lost, 0}}, nullptr};
        stage.warm_up();
        HttpRequest request = stage.create(0);
        request.kind = HttpRequest::Kind::repeatable;
        CHECK(fetch(stage.loop, *stage.http, request).outcome == Outcome::lost);
        stage.close();
        CHECK(stage.server.requests("/0") > 1);
    }
}

TEST_CASE("many creates beside a warm pool, to a server that kills them all, are as many at the server") {
    Stage stage{{{"resets", {"", Then::reset}, Outcome::lost, 0}}, nullptr};
    stage.warm_up();
    for (int i = 0; i < 100; ++i)
        stage.http->start(stage.create(0), [](HttpAnswer&& got) { CHECK(got.outcome == Outcome::lost); });
    stage.finish_all();
    stage.close();
    CHECK(stage.server.requests("/0") == 100);
}

TEST_CASE("a request of kind once never speaks HTTP/2, whose refused streams are sent again") {
    const test::TlsIdentity identity{test::TlsIdentity::Prefers::http2};
    Stage stage{{{"answers", answer(200, "made"), Outcome::answered, 200}}, &identity};
    CHECK(fetch(stage.loop, *stage.http, stage.create(0)).outcome == Outcome::answered);
    CHECK(stage.server.offered_protocols() == std::vector<std::string>{"http/1.1"});
    // The tripwire: the server does choose HTTP/2 as soon as a client offers it.
    fetch(stage.loop, *stage.http, {.url = stage.server.url("/0")});
    CHECK(stage.server.offered_protocols().back() == "h2,http/1.1");
    CHECK(stage.server.requests("*") >= 1); // "PRI * HTTP/2.0"
}

} // namespace reeld
