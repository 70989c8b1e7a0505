#include "jobs/queue/batch_state.h"

namespace reeld {

BatchState batch_state(const BatchRecord& batch, bool paused) {
    if (batch.manifest_written) return BatchState::finished;
    if (paused) return BatchState::paused;
    const auto at_provider = batch.count(ShotState::creating) + batch.count(ShotState::rendering) +
                             batch.count(ShotState::in_doubt);
    return at_provider > 0 ? BatchState::running : BatchState::waiting;
}

std::string_view to_word(BatchState state) {
    switch (state) {
    case BatchState::waiting: return "waiting";
    case BatchState::running: return "running";
    case BatchState::paused: return "paused";
    case BatchState::finished: break;
    }
    return "finished";
}

} // namespace reeld
