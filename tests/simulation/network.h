/// The way to the provider and back, and what can happen on it.
#pragma once

#include "tests/simulation/agenda.h"
#include "tests/simulation/provider.h"
#include "tests/simulation/trace.h"

#include <functional>
#include <memory>

namespace reeld::test {

/// Plays the part of the daemon's Http: every request ends with one HttpAnswer, by its timeout at the latest.
/// What arrives at the provider arrives whatever becomes of who asked.
///
/// Bounds, since nobody could tell what lies beyond them: a request that was sent arrives within
/// kArrivalMax, or is lost, or (a create only) arrives at most `late_max` after it was given up for lost.
class Network {
public:
    struct Parts {
        Dice& dice;
        Clocks& clocks;
        Agenda& agenda;
        Faults& faults;
        Trace& trace;
        Provider& provider;
    };
    enum class Kind : std::uint8_t { create, ask };
    using Done = std::function<void(HttpAnswer&&)>;

    static constexpr Duration kArrivalMax = std::chrono::milliseconds{900};
    static constexpr Duration kCreateTimeout = std::chrono::seconds{60};
    static constexpr Duration kAskTimeout = std::chrono::seconds{30};

    /// `arrived` is told of every create that arrives, after the provider has dealt with it.
    Network(Parts parts, Duration late_max, std::function<void(const eachlabs::Call&)> arrived)
        : parts_(parts), late_max_(late_max), arrived_(std::move(arrived)) {}

    /// The asker is gone, and its connections with it: what is late arrives within `late_max` from now.
    void hang_up();

    /// Sends a request. `done` is called once, unless the asker is gone by then: that is for `done` to see.
    void send(Kind kind, const eachlabs::Call& call, Done done);

private:
    /// Who waits for the answer, until it has one.
    struct Waiting;
    /// A create that dawdles on its way.
    struct Late {
        std::function<void()> arrive;
        void arrive_once() {
            if (const auto once = std::exchange(arrive, nullptr)) once();
        }
    };

    void arrive(Kind kind, const eachlabs::Call& call, const std::shared_ptr<Waiting>& waiting, bool silent);
    /// Creates have two chances to be hit: doubt is what it is all about.
    [[nodiscard]] bool strikes(Kind kind, FaultClass fault);
    void spoil(HttpAnswer& answer);
    void after(Duration wait, std::function<void()> what) {
        parts_.agenda.at(parts_.clocks.now + wait, std::move(what));
    }
    [[nodiscard]] Duration latency() {
        return parts_.dice.between(std::chrono::milliseconds{5}, kArrivalMax);
    }

    Parts parts_;
    Duration late_max_;
    std::function<void(const eachlabs::Call&)> arrived_;
    std::vector<std::shared_ptr<Late>> late_;
};

} // namespace reeld::test
