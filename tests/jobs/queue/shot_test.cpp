#include "jobs/queue/shot.h"

#include <doctest/doctest.h>
#include <set>
#include <string_view>

namespace reeld {

TEST_CASE("every state has a word of its own, and the last three are final") {
    std::set<std::string_view> words;
    int final_states = 0;
    for (std::size_t i = 0; i < kShotStates; ++i) {
        words.insert(to_word(static_cast<ShotState>(i)));
        if (is_final(static_cast<ShotState>(i))) ++final_states;
    }
    CHECK(words.size() == kShotStates);
    CHECK(final_states == 3);
    CHECK_FALSE(is_final(ShotState::held));
}

} // namespace reeld
