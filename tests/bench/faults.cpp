#include "tests/bench/measure.h"
#include "tests/daemon/net/fault_stage.h"
#include "tests/support/tls_identity.h"

#include <map>

namespace reeld::bench {

namespace {

using Outcome = HttpAnswer::Outcome;

constexpr std::size_t kCreates = 10'000;

/// A server each: its threads, one a connection, live as long as it does.
constexpr std::size_t kCreatesAServer = 500;

/// Under way at once; a real account has ten slots.
constexpr std::size_t kAtOnce = 50;

/// For answers that never come. Long enough that the request has arrived by then on a machine at leisure;
/// should it not have, the create is known not to have left, or is lost and not at the server.
constexpr Duration kTimeout = std::chrono::seconds{2};

struct Count {
    double sent = 0;      ///< Creates that the client does not say to be unsent.
    double unsent = 0;    ///< Those it says to be.
    double arrived = 0;   ///< At the server.
    double twice = 0;     ///< Creates of which more than one request arrived.
    double denied = 0;    ///< Said to be unsent, and arrived.
    double misjudged = 0; ///< Broken answers taken for whole ones, or the other way round.
};

std::vector<test::Fault> all_faults() {
    auto all = test::broken_answers();
    for (auto& more : {test::whole_answers(), test::endless_faults()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// Sends creates through one stage, each to a target of its own, and adds what came of them to `count`.
void send_creates(const test::TlsIdentity* identity, bool warm, Count& count) {
    const auto faults = all_faults();
    test::FaultStage stage(faults, identity);
    if (warm) stage.warm_up();
    std::vector<Outcome> outcomes(kCreatesAServer);
    for (std::size_t i = 0; i < kCreatesAServer; ++i) {
        while (stage.http->active() >= kAtOnce) stage.loop.turn(std::chrono::milliseconds{100});
        stage.http->start(stage.create(i, kTimeout), [&, i](HttpAnswer&& got) {
            outcomes[i] = got.outcome;
            const bool as_expected = got.outcome == faults[i % faults.size()].outcome;
            if (!as_expected && got.outcome != Outcome::not_sent) ++count.misjudged;
        });
    }
    stage.finish_all();
    stage.close();
    std::map<std::string, int> arrived;
    for (const auto& request : stage.server.received()) ++arrived[request.target()];
    for (std::size_t i = 0; i < kCreatesAServer; ++i) {
        const int here = arrived["/" + std::to_string(i)];
        const bool unsent = outcomes[i] == Outcome::not_sent;
        ++(unsent ? count.unsent : count.sent);
        count.arrived += here;
        if (here > 1) ++count.twice;
        if (here > 0 && unsent) ++count.denied;
    }
}

} // namespace

Figures faults() {
    const test::TlsIdentity identity{test::TlsIdentity::Prefers::http1};
    const Stopwatch watch;
    Count count;
    for (std::size_t i = 0; i < kCreates / kCreatesAServer; ++i)
        send_creates(i % 4 < 2 ? nullptr : &identity, i % 2 == 1, count);
    return {at_least("creates sent", static_cast<double>(kCreates) * 0.99, count.sent, "{:.0f}"),
            at_least("requests at the server", count.sent, count.arrived, "{:.0f}"),
            at_most("requests at the server", count.sent, count.arrived, "{:.0f}"),
            at_most("creates that arrived twice", 0, count.twice, "{:.0f}"),
            at_most("arrived, and said to be unsent", 0, count.denied, "{:.0f}"),
            at_most("broken answers taken for whole ones", 0, count.misjudged, "{:.0f}"),
            for_reading("creates known not to have left", count.unsent, "{:.0f}"),
            for_reading("time", watch.seconds(), "{:.0f} s")};
}

} // namespace reeld::bench
