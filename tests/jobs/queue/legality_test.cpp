#include "jobs/queue/legality.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

std::string why(const DrivenQueue& queue, Fact fact) {
    return illegality(queue.ledger(), {.stamp = stamp_at(queue.now), .fact = std::move(fact)});
}

BatchFacts batch(BatchKey key) {
    return {.key = key, .name = "b", .models = {"model"}, .shots = shots(1)};
}

std::vector<Fact> about_a_prediction() {
    return {event::PollPending{.shot = kShot, .status = "processing"},
            event::PollFailed{.shot = kShot, .http_status = 500, .cause = "oops", .retry_after = {}},
            event::PredictionSucceeded{.shot = kShot, .rendered = {}},
            event::PredictionFailed{.shot = kShot, .failure = failure("x"), .retry_after = {}},
            event::PredictionCancelled{kShot},
            event::PredictionOverdue{kShot}};
}

std::vector<Fact> about_a_create() {
    return {event::CreateNotSent{.shot = kShot, .cause = "no route"},
            event::CreateAccepted{.shot = kShot, .prediction = "p"},
            event::CreateRefused{.shot = kShot, .refusal = refusal(RefusalKind::too_fast)},
            event::CreateLost{.shot = kShot, .loss = {}}};
}

std::vector<Fact> that_end_a_doubt() {
    return {
        event::CreateAdopted{.shot = kShot, .prediction = "p", .by = SettledBy::list},
        event::CreateDismissed{.shot = kShot, .by = SettledBy::list, .charged = false, .retry_after = {}}};
}

/// Which facts about the shot may come now: an intent, an answer to a create, news of a prediction, the end
/// of a doubt, and that it was looked for or that only a person can end it.
struct Allowed {
    bool intent = false;
    bool answer = false;
    bool news = false;
    bool end_of_doubt = false;
    bool hold = false;
};

void check(const DrivenQueue& queue, Allowed allowed) {
    const int attempt = queue.ledger().shot(kShot).attempts + 1;
    const event::CreateIntended intent{.shot = kShot, .attempt = attempt, .request_id = "r"};
    CHECK(why(queue, intent).empty() == allowed.intent);
    for (auto& fact : about_a_create()) CHECK(why(queue, fact).empty() == allowed.answer);
    for (auto& fact : about_a_prediction()) CHECK(why(queue, fact).empty() == allowed.news);
    for (auto& fact : that_end_a_doubt()) CHECK(why(queue, fact).empty() == allowed.end_of_doubt);
    CHECK(why(queue, event::CreateHeld{.shot = kShot, .reason = "r"}).empty() == allowed.hold);
    CHECK(why(queue, event::CreateSought{.shot = kShot, .suspects = {}}).empty() ==
          (allowed.hold || allowed.answer));
    CHECK(why(queue, event::CreateCalled{.shot = kShot, .prediction = "p"}).empty() ==
          (allowed.end_of_doubt || allowed.answer));
    CHECK_FALSE(why(queue, event::CreateCalled{.shot = kShot, .prediction = ""}).empty());
}

} // namespace

TEST_CASE("each state of a shot allows the events of its life and no others") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    check(queue, {.intent = true});
    queue.creates();
    check(queue, {.answer = true});
    queue.accepted(kShot);
    check(queue, {.news = true});
    queue.succeeded(kShot);
    check(queue, {});
}

TEST_CASE("a lost create allows nothing about its shot but the end of the doubt: it was perhaps paid for") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.lost(kShot);
    check(queue, {.end_of_doubt = true, .hold = true});
    queue.record(event::CreateHeld{.shot = kShot, .reason = "there is no list"});
    check(queue, {.end_of_doubt = true});
}

TEST_CASE("a prediction that renders for one shot is not adopted for another") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    queue.creates();
    queue.accepted({1, 1});
    queue.lost(kShot);
    const auto adopts = [&](const char* prediction) {
        return why(queue,
                   event::CreateAdopted{.shot = kShot, .prediction = prediction, .by = SettledBy::person});
    };
    CHECK(adopts("p1.1") == "create_adopted of batch 1, shot 0: the prediction is another shot's");
    CHECK_FALSE(adopts("").empty());
    CHECK(adopts("p1.0").empty());
}

TEST_CASE("time does not go back, and the complaint names the event, the shot and the reason") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.now -= 1us;
    CHECK(why(queue, event::CreateAccepted{.shot = kShot, .prediction = "p"}) ==
          "create_accepted of batch 1, shot 0: time went back");
}

TEST_CASE("an intent bears the number of the next attempt") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    CHECK_FALSE(why(queue, event::CreateIntended{.shot = kShot, .attempt = 2, .request_id = "r"}).empty());
    CHECK_FALSE(why(queue, event::CreateIntended{.shot = kShot, .attempt = 0, .request_id = "r"}).empty());
}

TEST_CASE("an accepted create names its prediction") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    CHECK_FALSE(why(queue, event::CreateAccepted{.shot = kShot, .prediction = ""}).empty());
}

TEST_CASE("a batch is accepted once, with shots, of models that it lists") {
    DrivenQueue queue;
    CHECK(why(queue, event::BatchAccepted{batch(1)}).empty());
    queue.record(event::BatchAccepted{batch(1)});
    CHECK_FALSE(why(queue, event::BatchAccepted{batch(1)}).empty());
    auto faulty = batch(2);
    faulty.shots.front().model = 1;
    CHECK_FALSE(why(queue, event::BatchAccepted{faulty}).empty());
    faulty.shots.clear();
    CHECK_FALSE(why(queue, event::BatchAccepted{faulty}).empty());
}

TEST_CASE("a shot that nobody accepted is refused, not looked up") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    CHECK_FALSE(why(queue, event::CreateIntended{.shot = {1, 1}, .attempt = 1, .request_id = "r"}).empty());
    CHECK_FALSE(why(queue, event::CreateIntended{.shot = {2, 0}, .attempt = 1, .request_id = "r"}).empty());
}

TEST_CASE("a manifest is written once, of a batch that is all final") {
    DrivenQueue queue;
    CHECK_FALSE(why(queue, event::ManifestWritten{1}).empty());
    queue.accept(1, shots(1));
    CHECK_FALSE(why(queue, event::ManifestWritten{1}).empty());
    queue.creates();
    queue.refused(kShot, RefusalKind::invalid_input);
    CHECK(why(queue, event::ManifestWritten{1}).empty());
    queue.record(event::ManifestWritten{1});
    CHECK_FALSE(why(queue, event::ManifestWritten{1}).empty());
}

} // namespace reeld::test
