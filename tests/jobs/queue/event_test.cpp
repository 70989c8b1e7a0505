#include "jobs/queue/event.h"

#include <doctest/doctest.h>

#include <set>
#include <utility>

namespace reeld::test {

namespace {

/// One fact of every kind, about shot 3 of batch 7 where it is about a shot.
template <std::size_t... I>
std::vector<Fact> every_kind(std::index_sequence<I...>) {
    std::vector<Fact> facts{Fact{std::in_place_index<I>}...};
    for (auto& fact : facts) {
        std::visit(
            [](auto& it) {
                if constexpr (requires { it.shot; }) it.shot = ShotRef{.batch = 7, .index = 3};
            },
            fact);
    }
    return facts;
}

std::vector<Fact> every_kind() {
    return every_kind(std::make_index_sequence<std::variant_size_v<Fact>>{});
}

} // namespace

TEST_CASE("every kind of event has a stable name of its own") {
    std::set<std::string_view> names;
    for (const auto& fact : every_kind()) names.insert(kind_name(fact));
    CHECK(names.size() == std::variant_size_v<Fact>);
    CHECK(kind_name(event::CreateIntended{}) == "create_intended");
    CHECK(kind_name(event::ManifestWritten{}) == "manifest_written");
}

TEST_CASE("every event but the news of polls belongs in the journal") {
    for (const auto& fact : every_kind()) {
        const bool passing = kind_name(fact) == "poll_pending" || kind_name(fact) == "poll_failed";
        CHECK(is_durable(fact) != passing);
    }
}

TEST_CASE("an event knows the shot that it is about, if it is about one") {
    for (const auto& fact : every_kind()) {
        const auto name = kind_name(fact);
        const ShotRef* shot = shot_of(fact);
        if (name == "started" || name == "batch_accepted" || name == "manifest_written") {
            CHECK(shot == nullptr);
        } else {
            REQUIRE(shot != nullptr);
            CHECK(*shot == ShotRef{.batch = 7, .index = 3});
        }
    }
}

TEST_CASE("every state has a word of its own, and the last three are final") {
    std::set<std::string_view> words;
    int final_states = 0;
    for (int i = 0; i < 7; ++i) {
        words.insert(to_word(static_cast<ShotState>(i)));
        if (is_final(static_cast<ShotState>(i))) ++final_states;
    }
    CHECK(words.size() == 7);
    CHECK(final_states == 3);
    CHECK_FALSE(is_final(ShotState::held));
}

} // namespace reeld::test
