/// The promise that costs money: a request of kind once reaches the server one time, whatever the server does
/// to it, and the client never takes a broken answer for a whole one or says "not sent" of what arrived.
#include "tests/daemon/net/fault_stage.h"

#include "tests/support/fetch.h"
#include "tests/support/tls_identity.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <iterator>

namespace reeld {

using namespace std::chrono_literals;
using test::answer;
using test::broken_answers;
using test::endless_faults;
using test::Fault;
using test::FaultStage;
using test::fetch;
using test::Reaction;
using test::whole_answers;
using Then = Reaction::Then;
using Outcome = HttpAnswer::Outcome;

namespace {

/// The pool has idle connections, as after polls.
void warm_up(FaultStage& stage) {
    stage.warm_up();
    CHECK(stage.server.requests("/warm") == 3);
}

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
    FaultStage stage{all, identity};
    if (warm) warm_up(stage);
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
    FaultStage stage{all, nullptr};
    warm_up(stage);
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
        FaultStage stage{{{"dies", reaction, Outcome::lost, 0}}, nullptr};
        warm_up(stage);
        HttpRequest request = stage.create(0);
        request.kind = HttpRequest::Kind::repeatable;
        CHECK(fetch(stage.loop, *stage.http, request).outcome == Outcome::lost);
        stage.close();
        CHECK(stage.server.requests("/0") > 1);
    }
}

TEST_CASE("many creates beside a warm pool, to a server that kills them all, are as many at the server") {
    FaultStage stage{{{"resets", {"", Then::reset}, Outcome::lost, 0}}, nullptr};
    warm_up(stage);
    for (int i = 0; i < 100; ++i)
        stage.http->start(stage.create(0), [](HttpAnswer&& got) { CHECK(got.outcome == Outcome::lost); });
    stage.finish_all();
    stage.close();
    CHECK(stage.server.requests("/0") == 100);
}

TEST_CASE("a request of kind once never speaks HTTP/2, whose refused streams are sent again") {
    const test::TlsIdentity identity{test::TlsIdentity::Prefers::http2};
    FaultStage stage{{{"answers", answer(200, "made"), Outcome::answered, 200}}, &identity};
    CHECK(fetch(stage.loop, *stage.http, stage.create(0)).outcome == Outcome::answered);
    CHECK(stage.server.offered_protocols() == std::vector<std::string>{"http/1.1"});
    // The tripwire: the server does choose HTTP/2 as soon as a client offers it.
    fetch(stage.loop, *stage.http, {.url = stage.server.url("/0")});
    CHECK(stage.server.offered_protocols().back() == "h2,http/1.1");
    CHECK(stage.server.requests("*") >= 1); // "PRI * HTTP/2.0"
}

} // namespace reeld
