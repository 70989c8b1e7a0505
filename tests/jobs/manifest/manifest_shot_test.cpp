#include "jobs/manifest/manifest_shot.h"

#include "tests/jobs/manifest/one_shot.h"

#include <doctest/doctest.h>
#include <vector>

using namespace reeld;
using namespace reeld::test;
using namespace std::chrono_literals;

namespace {

/// The events of one shot, a minute apart.
class Story {
public:
    Story& then(Fact fact) {
        events_.push_back(at_minute(events_.size(), std::move(fact)));
        return *this;
    }
    Story& intended(int attempt) { return then(event::CreateIntended{kShot, attempt, "r"}); }
    Story& accepted(const std::string& id) { return then(event::CreateAccepted{kShot, id}); }
    Story& refused(RefusalKind kind) {
        return then(event::CreateRefused{kShot, {kind, 400, {"http_400", "Refused.", "why"}, {}}});
    }
    Story& failed(std::optional<double> cost) {
        return then(event::PredictionFailed{kShot, {{"internal_error", "It broke.", ""}, false, 3.5, cost}});
    }
    Story& succeeded(std::optional<double> cost) {
        return then(event::PredictionSucceeded{kShot, {{"https://v/1.mp4"}, 161.25, cost}});
    }
    [[nodiscard]] ManifestShot fold() const {
        StoryboardShot wish;
        wish.id = "sunrise";
        return fold_shot("harbor", 4, wish, events_);
    }

private:
    std::vector<Event> events_;
};

} // namespace

TEST_CASE("a shot that succeeded at once shows its prediction, its times and its price") {
    const ManifestShot shot = Story{}.intended(1).accepted("p-1").succeeded(0.98).fold();
    CHECK(shot.batch == "harbor");
    CHECK(shot.index == 4);
    CHECK(shot.shot.id == "sunrise");
    CHECK(shot.state == ShotState::succeeded);
    CHECK(shot.attempts == 1);
    CHECK(shot.prediction == "p-1");
    CHECK(shot.rendered.urls == std::vector<std::string>{"https://v/1.mp4"});
    CHECK(shot.predict_time_s == 161.25);
    CHECK(shot.cost_usd == 0.98);
    CHECK(shot.created_at == kStart + 1min);
    CHECK(shot.finished_at == kStart + 2min);
    CHECK_FALSE(shot.error);
}

TEST_CASE("a failed prediction ends the shot only when it is the last event") {
    Story story;
    story.intended(1).accepted("p-1").failed({});
    const ManifestShot failed = story.fold();
    CHECK(failed.state == ShotState::failed);
    CHECK(failed.error->message == "It broke.");
    CHECK(failed.predict_time_s == 3.5);
    CHECK(failed.finished_at == kStart + 2min);

    const ManifestShot mended = story.intended(2).accepted("p-2").succeeded({}).fold();
    CHECK(mended.state == ShotState::succeeded);
    CHECK(mended.attempts == 2);
    CHECK(mended.prediction == "p-2");
    CHECK(mended.created_at == kStart + 4min);
    CHECK_FALSE(mended.error);
    CHECK_FALSE(mended.cost_usd);
}

TEST_CASE("the cost is the sum over the attempts whose cost is known, in amounts that people can read") {
    const ManifestShot shot = Story{}
                                  .intended(1)
                                  .accepted("p-1")
                                  .failed(0.1)
                                  .intended(2)
                                  .accepted("p-2")
                                  .failed({})
                                  .intended(3)
                                  .accepted("p-3")
                                  .succeeded(0.2)
                                  .fold();
    CHECK(shot.cost_usd == 0.3); // 0.1 + 0.2 is 0.30000000000000004.
}

TEST_CASE("a create that was refused for the account's sake or never sent is not counted") {
    Story story;
    for (const RefusalKind kind : {RefusalKind::too_fast, RefusalKind::too_many_running,
                                   RefusalKind::key_rejected, RefusalKind::no_balance}) {
        story.intended(1).refused(kind);
    }
    story.intended(1).then(event::CreateNotSent{kShot, "no route"});
    const ManifestShot shot = story.intended(1).accepted("p-1").succeeded({}).fold();
    CHECK(shot.state == ShotState::succeeded);
    CHECK(shot.attempts == 1);
    CHECK_FALSE(shot.error);
}

TEST_CASE("a shot whose input or model was refused has failed, with the provider's words") {
    for (const RefusalKind kind : {RefusalKind::invalid_input, RefusalKind::unknown_model}) {
        const ManifestShot shot = Story{}.intended(1).refused(kind).fold();
        CHECK(shot.state == ShotState::failed);
        CHECK(shot.attempts == 1);
        CHECK(shot.error == ProviderError{"http_400", "Refused.", "why"});
        CHECK(shot.prediction.empty());
        CHECK_FALSE(shot.created_at);
    }
}

TEST_CASE("a refused second attempt keeps the prediction of the first, which may have been billed") {
    const ManifestShot shot = Story{}
                                  .intended(1)
                                  .accepted("p-1")
                                  .failed(0.5)
                                  .intended(2)
                                  .refused(RefusalKind::invalid_input)
                                  .fold();
    CHECK(shot.prediction == "p-1");
    CHECK(shot.created_at == kStart + 1min);
    CHECK(shot.cost_usd == 0.5);
    CHECK(shot.error->message == "Refused.");
}

TEST_CASE(
    "a prediction that we gave up is a failure that says so, one that somebody cancelled is cancelled") {
    Story story;
    story.intended(1).accepted("p-1");
    Story overdue = story;
    const ManifestShot cancelled = story.then(event::PredictionCancelled{kShot}).fold();
    CHECK(cancelled.state == ShotState::cancelled);
    CHECK_FALSE(cancelled.error);

    overdue.then(event::PredictionOverdue{kShot}).then(event::PredictionCancelled{kShot});
    const ManifestShot shot = overdue.fold();
    CHECK(shot.state == ShotState::failed);
    CHECK(shot.error->code == "gave_up");
}

TEST_CASE("an overdue prediction that ends well after all is a success without an error") {
    const ManifestShot shot =
        Story{}.intended(1).accepted("p-1").then(event::PredictionOverdue{kShot}).succeeded(1.0).fold();
    CHECK(shot.state == ShotState::succeeded);
    CHECK_FALSE(shot.error);
}

TEST_CASE("the first end that is told is the one that counts, and is billed once") {
    const ManifestShot shot = Story{}
                                  .intended(1)
                                  .accepted("p-1")
                                  .succeeded(1.0)
                                  .then(event::PredictionCancelled{kShot})
                                  .failed(1.0)
                                  .succeeded(1.0)
                                  .fold();
    CHECK(shot.state == ShotState::succeeded);
    CHECK(shot.finished_at == kStart + 2min);
    CHECK(shot.cost_usd == 1.0);
}

TEST_CASE("a lost create that is dismissed without a retry is a failure in its own words") {
    Story story;
    story.intended(1).then(event::CreateLost{kShot, {502, "HTTP 502: bad gateway"}});
    story.then(event::CreateDismissed{kShot, SettledBy::list, true, {}});
    const ManifestShot failed = story.fold();
    CHECK(failed.state == ShotState::failed);
    CHECK(failed.error == ProviderError{"http_502", "HTTP 502: bad gateway", ""});
    CHECK(failed.attempts == 1);
}

TEST_CASE("a shot that fails with its attempts used up counts only those that were charged") {
    Story story;
    story.intended(3).then(event::CreateLost{kShot, {0, "reset"}});
    story.then(event::CreateDismissed{kShot, SettledBy::list, false, {}});
    CHECK(story.fold().state == ShotState::failed);
    CHECK(story.fold().attempts == 2);
}

TEST_CASE("a lost create that made nothing is not counted, unless it was charged") {
    for (const bool charged : {false, true}) {
        Story story;
        story.intended(1).then(event::CreateLost{kShot, {0, "reset"}});
        story.then(event::CreateDismissed{kShot, SettledBy::list, charged, Duration::zero()});
        const int next = charged ? 2 : 1;
        CHECK(story.intended(next).accepted("p-1").succeeded({}).fold().attempts == next);
    }
}

TEST_CASE("a lost create whose prediction is found goes on as if nothing had happened") {
    Story story;
    story.intended(1).then(event::CreateLost{kShot, {0, "reset"}});
    story.then(event::CreateHeld{kShot, "there is no list"});
    story.then(event::CreateAdopted{kShot, "p-1", SettledBy::person});
    const ManifestShot found = story.succeeded({}).fold();
    CHECK(found.state == ShotState::succeeded);
    CHECK(found.prediction == "p-1");
    CHECK_FALSE(found.error);
}

TEST_CASE("a shot that a person cancelled is cancelled, whatever it waited for") {
    const event::CancelAsked cancel{kShot};
    CHECK(Story{}.then(cancel).fold().state == ShotState::cancelled);
    Story refused;
    refused.intended(1).then(cancel).refused(RefusalKind::too_fast);
    CHECK(refused.fold().state == ShotState::cancelled);
    CHECK(refused.fold().attempts == 0);
    Story running;
    running.intended(1).accepted("p-1").then(cancel).then(event::PredictionOverdue{kShot});
    running.then(event::PredictionCancelled{kShot});
    CHECK(running.fold().state == ShotState::cancelled);
    CHECK_FALSE(running.fold().error);
    Story held;
    held.intended(1).then(event::CreateLost{kShot, {0, "reset"}}).then(event::CreateHeld{kShot, "no list"});
    held.then(cancel);
    CHECK(held.fold().state == ShotState::cancelled);
    CHECK(held.fold().error->code == "create_lost");
}

TEST_CASE("what a cancelled shot renders all the same is in its record") {
    const auto shot =
        Story{}.intended(1).accepted("p-1").then(event::CancelAsked{kShot}).succeeded(1.0).fold();
    CHECK(shot.state == ShotState::succeeded);
    CHECK(shot.cost_usd == 1.0);
}

TEST_CASE("a shot that a person asked for once more is what became of it then") {
    Story story;
    story.intended(1).then(event::CancelAsked{kShot}).refused(RefusalKind::too_fast);
    story.then(event::RetryAsked{kShot}).intended(1).accepted("p-1");
    const ManifestShot again = story.succeeded(1.0).fold();
    CHECK(again.state == ShotState::succeeded);
    CHECK(again.prediction == "p-1");
    CHECK_FALSE(again.error);
}
