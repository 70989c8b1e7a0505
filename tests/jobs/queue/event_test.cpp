#include "jobs/queue/event.h"

#include <doctest/doctest.h>

#include <set>
#include <utility>

using namespace reeld;

namespace {

constexpr ShotRef kSomeShot{.batch = 7, .index = 3};

/// A fact of each kind, default-made, in the order of the variant.
template <std::size_t... Index>
std::vector<Fact> all_facts(std::index_sequence<Index...>) {
    return {Fact{std::in_place_index<Index>}...};
}

const std::vector<Fact>& facts() {
    static const std::vector<Fact> kFacts = all_facts(std::make_index_sequence<std::variant_size_v<Fact>>{});
    return kFacts;
}

} // namespace

TEST_CASE(
    "every kind of event is durable but news of polls and looks, and webhooks, which the next one replaces") {
    for (const Fact& fact : facts()) {
        const std::string_view kind = kind_name(fact);
        CAPTURE(kind);
        const bool passing =
            kind.starts_with("poll_") || kind.starts_with("list_") || kind == "webhook_arrived";
        CHECK(is_durable(fact) != passing);
    }
}

TEST_CASE("every kind of event has a name of its own") {
    std::set<std::string_view> names;
    for (const Fact& fact : facts()) names.insert(kind_name(fact));
    CHECK(names.size() == facts().size());
}

TEST_CASE("the names of the kinds of event do not change, since journals hold them") {
    CHECK(kind_name(event::Started{}) == "started");
    CHECK(kind_name(event::BatchAccepted{}) == "batch_accepted");
    CHECK(kind_name(event::CreateIntended{}) == "create_intended");
    CHECK(kind_name(event::CreateNotSent{}) == "create_not_sent");
    CHECK(kind_name(event::CreateAccepted{}) == "create_accepted");
    CHECK(kind_name(event::CreateRefused{}) == "create_refused");
    CHECK(kind_name(event::CreateLost{}) == "create_lost");
    CHECK(kind_name(event::CreateAdopted{}) == "create_adopted");
    CHECK(kind_name(event::CreateDismissed{}) == "create_dismissed");
    CHECK(kind_name(event::CreateHeld{}) == "create_held");
    CHECK(kind_name(event::CreateSought{}) == "create_sought");
    CHECK(kind_name(event::CreateCalled{}) == "create_called");
    CHECK(kind_name(event::ListLooked{}) == "list_looked");
    CHECK(kind_name(event::ListFailed{}) == "list_failed");
    CHECK(kind_name(event::PollPending{}) == "poll_pending");
    CHECK(kind_name(event::PollFailed{}) == "poll_failed");
    CHECK(kind_name(event::PredictionSucceeded{}) == "prediction_succeeded");
    CHECK(kind_name(event::PredictionFailed{}) == "prediction_failed");
    CHECK(kind_name(event::PredictionCancelled{}) == "prediction_cancelled");
    CHECK(kind_name(event::PredictionOverdue{}) == "prediction_overdue");
    CHECK(kind_name(event::CancelAsked{}) == "cancel_asked");
    CHECK(kind_name(event::Reprioritised{}) == "reprioritised");
    CHECK(kind_name(event::HoursSet{}) == "hours_set");
    CHECK(kind_name(event::RetryAsked{}) == "retry_asked");
    CHECK(kind_name(event::WebhookArrived{}) == "webhook_arrived");
    CHECK(kind_name(event::Paused{}) == "paused");
    CHECK(kind_name(event::Resumed{}) == "resumed");
    CHECK(kind_name(event::ManifestWritten{}) == "manifest_written");
}

TEST_CASE("an event about a shot tells which one, and points into the fact itself") {
    const Fact fact = event::CreateAccepted{.shot = kSomeShot, .prediction = "p"};
    REQUIRE(shot_of(fact) != nullptr);
    CHECK(*shot_of(fact) == kSomeShot);
    CHECK(shot_of(fact) == &std::get<event::CreateAccepted>(fact).shot);
}

TEST_CASE("only the start, lists, pauses, priorities, hours, a batch's acceptance and its manifest are about "
          "no shot") {
    for (const Fact& fact : facts()) {
        const std::string_view kind = kind_name(fact);
        CAPTURE(kind);
        const bool shotless = kind == "started" || kind == "batch_accepted" || kind == "manifest_written" ||
                              kind.starts_with("list_") || kind == "paused" || kind == "resumed" ||
                              kind == "reprioritised" || kind == "hours_set";
        CHECK((shot_of(fact) == nullptr) == shotless);
    }
}
