#include "jobs/queue/suspects.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

constexpr ShotRef kDoubt{.batch = 1, .index = 0};
constexpr ShotRef kOther{.batch = 1, .index = 1};
constexpr WallTime kPossible = WallTime{} + 1000h;

/// A look that shows these.
event::ListLooked look(std::vector<Sighting> sightings, bool inputs_are_told = true,
                       std::vector<event::Execution> unread = {}) {
    return {.model = "model",
            .inputs_are_told = inputs_are_told,
            .unread = std::move(unread),
            .sightings = std::move(sightings)};
}

Sighting seen(const std::string& prediction, Duration after, std::vector<ShotRef> equals = {}) {
    return {.prediction = prediction, .created_at = kPossible + after, .equals = std::move(equals)};
}

/// What is suspected after these looks.
bool suspected_after(const std::vector<event::ListLooked>& looks) {
    Suspects suspects;
    for (const auto& it : looks) suspects.note(kDoubt, kPossible, it);
    return !suspects.empty();
}

} // namespace

TEST_CASE("whatever may be a doubt's own is suspected, and stays so when a look leaves it out") {
    CHECK(suspected_after({look({seen("equal", 1s, {kDoubt})}), look({})}));
    CHECK(suspected_after({look({seen("changed", 1s)}, false), look({})}));
    CHECK(suspected_after({look({}, true, {{"unread", kPossible + 1s}}), look({})}));
    // Each of several: the one that is left out is not forgotten for the one that is shown.
    CHECK(suspected_after({look({seen("first", 1s), seen("second", 2s)}, false), look({seen("first", 1s)})}));
}

TEST_CASE("what cannot be a doubt's own is not suspected") {
    CHECK_FALSE(suspected_after({look({seen("another's", 1s, {kOther})}, false)}));
    CHECK_FALSE(suspected_after({look({seen("foreign", 1s)}, true)}));
    CHECK_FALSE(suspected_after({look({seen("older", -1s)}, false, {{"older too", kPossible - 1s}})}));
}

TEST_CASE("a suspect that a look shows to be another's, or that becomes one, is suspected no longer") {
    const auto unread = look({}, true, {{"it", kPossible + 1s}});
    CHECK_FALSE(suspected_after({unread, look({seen("it", 1s)})}));
    auto ours = look({});
    ours.ours = {"it"};
    CHECK_FALSE(suspected_after({unread, ours}));
    Suspects suspects;
    suspects.note(kDoubt, kPossible, unread);
    suspects.forget("it");
    CHECK(suspects.empty());
}

TEST_CASE("a suspect that was created before the doubt by two looks in a row is suspected no longer, shown "
          "or not") {
    Suspects suspects;
    suspects.note(kDoubt, kPossible, look({}, true, {{"it", kPossible + 1s}}));
    for (const bool wrong_date : {true, false, true, true}) {
        CHECK_FALSE(suspects.empty());
        suspects.note(kDoubt, kPossible + (wrong_date ? Duration{5min} : Duration{0s}), look({}));
    }
    CHECK(suspects.empty());
}

TEST_CASE("a person is told of the earliest suspect and how many more there are") {
    Suspects suspects;
    suspects.note(kDoubt, kPossible, look({seen("b", 1s)}, false));
    CHECK(suspects.reason() == "prediction b was created at about that time or later, and whether it is this "
                               "shot's cannot be told");
    suspects.note(kDoubt, kPossible, look({}, false, {{"a", kPossible + 2s}, {"c", kPossible + 3s}}));
    CHECK(suspects.reason() ==
          "prediction b and 2 more were created at about that time or later, and whether "
          "one of them is this shot's cannot be told");
}

} // namespace reeld::test
