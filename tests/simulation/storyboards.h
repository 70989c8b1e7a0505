/// The batches of a simulated night.
#pragma once

#include "daemon/journal/batch_rows.h"
#include "tests/jobs/queue/dice.h"
#include "tests/simulation/clocks.h"

#include <vector>

namespace reeld::test {

/// A storyboard that is dropped into the folder.
struct Dropped {
    Moment at{};
    BatchRow row;
    std::vector<StoryboardShot> shots;
};

/// A few, within the first quarter of an hour. Some shots are takes of one wish, and some storyboards repeat
/// what another one has: equal inputs, which the provider cannot tell apart.
[[nodiscard]] std::vector<Dropped> draw_storyboards(Dice& dice);

} // namespace reeld::test
