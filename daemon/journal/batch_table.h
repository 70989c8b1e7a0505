/// The tables `batch` and `shot`: what was accepted, never changed. A batch is *open* from add() until
/// accept() or drop(); what is said of threads and errors in sqlite.h holds here.
#pragma once

#include "daemon/journal/batch_rows.h"
#include "daemon/journal/sqlite.h"
#include "jobs/queue/event.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace reeld {

class BatchTable {
public:
    explicit BatchTable(Database& db);

    /// Removes batches that have no event BatchAccepted. Only at start-up, when none can be open.
    void drop_unaccepted();

    /// A key that no batch has or ever had. The caller uses each once.
    [[nodiscard]] BatchKey new_key() { return ++last_key_; }

    /// Adds the batch under `key`, and opens it.
    void add(BatchKey key, const BatchRow& row);

    /// Precondition: the batch is open, `first_index` is how many shots it has by now, and each shot's model
    /// is among the batch's.
    void add_shots(BatchKey batch, std::uint32_t first_index, std::span<const StoryboardShot> shots);

    /// Frees the batch's name now and leaves its rows to sweep(): a large batch takes too long for one turn.
    /// Precondition: it is open.
    void drop(BatchKey batch);

    /// Removes up to kSweptShotsMax shots of dropped batches.
    void sweep();

    /// The batch is no longer open. Precondition: it is, has all its shots, and `facts` are those of its
    /// rows.
    void accept(const BatchFacts& facts);

    [[nodiscard]] ShotRow shot(ShotRef ref);
    [[nodiscard]] std::optional<std::uint32_t> position_of(BatchKey batch, const std::string& shot_id);
    [[nodiscard]] std::vector<std::string> shot_ids(BatchKey batch, std::uint32_t count_max);
    [[nodiscard]] BatchRow batch(BatchKey key);
    [[nodiscard]] std::vector<BatchRow> accepted();
    [[nodiscard]] std::vector<BatchRow> accepted_with_bytes(const std::string& sha256);
    [[nodiscard]] bool name_taken(const std::string& name);

    /// What BatchAccepted carried, made from the rows; their inputs are not read.
    [[nodiscard]] BatchFacts facts(BatchKey key);

    /// Remembers which batches are open and which are on their way out, as a transaction begins.
    void save() { saved_ = state_; }

    /// Takes back what was opened, filled, accepted, dropped and swept since save(): it was rolled back.
    void restore() { state_ = saved_; }

private:
    struct OpenBatch {
        std::vector<std::string> models;
        std::uint32_t shot_count = 0;
        std::uint32_t shots_added = 0;
    };

    struct DroppedBatch {
        BatchKey key;
        std::uint32_t shots_left;
    };

    /// What is known beside the rows.
    struct State {
        std::map<BatchKey, OpenBatch> open;
        std::vector<DroppedBatch> dropped;
    };

    /// About 5 ms of work beside a commit.
    static constexpr std::uint32_t kSweptShotsMax = 500;

    [[nodiscard]] OpenBatch& open_batch(BatchKey key);

    Statement insert_batch_;
    Statement insert_shot_;
    Statement free_name_;
    Statement delete_batch_;
    Statement delete_shots_;
    Statement delete_unaccepted_;
    Statement select_batch_;
    Statement select_accepted_;
    Statement select_by_bytes_;
    Statement select_name_;
    Statement select_shot_;
    Statement select_position_;
    Statement select_ids_;
    Statement select_head_;
    Statement select_facts_;
    State state_;
    State saved_;
    BatchKey last_key_ = 0;
};

} // namespace reeld
