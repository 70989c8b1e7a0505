/// Batches, shots and events for tests that need a journal with something in it.
#pragma once

#include "daemon/journal/journal.h"

#include <string>
#include <vector>

namespace reeld::test {

/// The instant `us` on both clocks, counted from a night in 2026.
[[nodiscard]] Stamp stamp_at(std::int64_t us);

/// Shot `index` of a batch of sample shots: its models, priorities and clip lengths vary with the index.
[[nodiscard]] StoryboardShot sample_shot(std::uint32_t index);

/// `count` of them, from `first` on.
[[nodiscard]] std::vector<StoryboardShot> sample_shots(std::uint32_t first, std::uint32_t count);

/// The program was started at stamp_at(us).
[[nodiscard]] Event started_at(std::int64_t us);

/// A batch row for `shot_count` sample shots.
[[nodiscard]] BatchRow sample_batch(const std::string& name, std::uint32_t shot_count);

/// The facts that such a batch is accepted with.
[[nodiscard]] BatchFacts sample_facts(BatchKey key, const std::string& name, std::uint32_t shot_count);

/// Adds, fills and accepts a batch at `stamp`, without a commit.
BatchKey accept_sample_batch(Journal& journal, const std::string& name, std::uint32_t shot_count,
                             Stamp stamp);

/// Everything that replay() hands out.
[[nodiscard]] std::vector<Event> replayed(const Journal& journal);

/// What happens when a journal is opened: the message of its JournalError, empty when it opens.
struct OpenResult {
    std::string message;
    JournalError::Kind kind = JournalError::Kind::other;
};
[[nodiscard]] OpenResult try_open(const Journal::Options& options);

} // namespace reeld::test
