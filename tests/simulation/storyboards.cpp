#include "tests/simulation/storyboards.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kShotsMax = 10;

StoryboardShot draw_shot(Dice& dice, std::size_t position, std::uint64_t wish) {
    const auto clip_seconds = static_cast<std::uint16_t>(5 + 5 * dice.roll(2));
    return {.id = fmt::format("shot-{}", position + 1),
            .model = fmt::format("kling-{}", wish % 2),
            .priority = static_cast<std::int16_t>(dice.roll(3)),
            .clip_seconds = clip_seconds,
            .input = fmt::format(
                R"({{"prompt":"wish {}","duration":"5","cfg_scale":0.5,"voice_ids":["a","b"]}})", wish),
            .note = {},
            .tags = {}};
}

} // namespace

std::vector<Dropped> draw_storyboards(Dice& dice) {
    std::vector<Dropped> dropped(1 + dice.roll(3));
    const bool twins = dice.chance(0.5);
    std::uint64_t wishes = 0;
    for (std::size_t i = 0; i < dropped.size(); ++i) {
        auto& it = dropped[i];
        it.at = dice.between(0s, 15min);
        const auto count = 1 + dice.roll(kShotsMax);
        for (std::size_t k = 0; k < count; ++k) {
            const bool again = twins && wishes > 0 && dice.chance(0.4);
            it.shots.push_back(draw_shot(dice, k, again ? dice.roll(wishes) : wishes++));
        }
        it.row.name = fmt::format("night-{}", i + 1);
        it.row.storyboard = it.row.name;
        it.row.folder = "/output/" + it.row.name;
        it.row.sha256 = fmt::format("{:064}", i);
        it.row.shot_count = static_cast<std::uint32_t>(count);
        for (const auto& shot : it.shots) {
            if (std::find(it.row.models.begin(), it.row.models.end(), shot.model) == it.row.models.end())
                it.row.models.push_back(shot.model);
        }
    }
    return dropped;
}

} // namespace reeld::test
