#include "jobs/queue/shot.h"

#include <array>

namespace reeld {

std::string_view to_word(ShotState state) {
    static constexpr std::array<std::string_view, kShotStates> kWords = {
        "queued", "creating", "rendering", "in doubt", "held", "succeeded", "failed", "cancelled"};
    return kWords.at(static_cast<std::size_t>(state));
}

} // namespace reeld
