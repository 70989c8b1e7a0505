#include "daemon/control/operator.h"

#include "tests/daemon/control/called_app.h"

namespace reeld::test {

using namespace std::chrono_literals;

namespace {

/// A shot that renders, and an operator who may cancel it.
struct Cancelling {
    explicit Cancelling(Duration give_up) {
        it.give_up = give_up;
        it.start();
        shot = {.batch = it.accept("harbor", 1), .index = 0};
        it.turn_until([&] { return it.state(shot) == ShotState::rendering; });
    }
    /// What changed by it.
    std::size_t cancel() {
        Operator operator_(*it.app);
        std::optional<std::size_t> changed;
        operator_.cancel(shot, [&](const Operator::Outcome& outcome) { changed = outcome.changed; });
        it.turn_until([&] { return changed.has_value(); });
        return *changed;
    }
    CalledApp it;
    ShotRef shot;
};

} // namespace

TEST_CASE("a prediction that takes too long is awaited until a person cancels it for the second time") {
    Cancelling night(1ms);
    night.it.turn_until([&] { return night.it.active(night.shot).overdue; });
    CHECK(night.cancel() == 1);
    CHECK(night.it.state(night.shot) == ShotState::rendering);
    CHECK(night.cancel() == 1);
    CHECK(night.it.state(night.shot) == ShotState::cancelled);
    night.it.turn_until([&] { return night.it.count<event::ManifestWritten>() == 1; });
}

TEST_CASE("a prediction that has not taken too long is awaited however often it is cancelled") {
    Cancelling night(1h);
    CHECK(night.cancel() == 1);
    night.it.turn_until([&] { return night.it.active(night.shot).overdue; });
    CHECK(night.cancel() == 0);
    CHECK(night.it.state(night.shot) == ShotState::rendering);
    night.it.ended = true;
    CHECK(night.it.call(night.shot, "p-1") == 200);
    night.it.turn_until([&] { return night.it.state(night.shot) == ShotState::succeeded; });
}

TEST_CASE("the answer to a poll of what nobody awaits any more is nobody's") {
    Cancelling night(1ms);
    night.it.turn_until([&] { return night.it.active(night.shot).overdue; });
    night.it.ended = true;
    night.it.turn_until([&] { return night.it.http.active() == 0; });
    std::unique_lock gate(night.it.answers);
    CHECK(night.it.arrives(night.shot, "p-1"));
    night.it.turn_until([&] { return night.it.http.active() == 1; });
    Operator operator_(*night.it.app);
    int done = 0;
    for (int said = 0; said < 2; ++said) operator_.cancel(night.shot, [&](const auto&) { ++done; });
    CHECK(night.it.state(night.shot) == ShotState::cancelled);
    night.it.turn_until([&] { return done == 2 && night.it.count<event::ManifestWritten>() == 1; });
    gate.unlock();
    night.it.turn_until([&] { return night.it.http.active() == 0; });
    CHECK(night.it.count<event::PredictionSucceeded>() == 0);
}

} // namespace reeld::test
