/// The tables `batch` and `shot`: what was accepted, never changed. A batch is *open* from add() until
/// accept() or drop(); what is said of threads and errors in sqlite.h holds here.
#pragma once

#include "daemon/journal/batch_rows.h"
#include "daemon/journal/sqlite.h"
#include "jobs/queue/event.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace reeld {

class BatchTable {
public:
    explicit BatchTable(Database& db);

    /// Removes batches that have no event BatchAccepted. Only at start-up, when none can be open.
    void drop_unaccepted();

    [[nodiscard]] BatchKey add(const BatchRow& row);

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
    [[nodiscard]] BatchRow batch(BatchKey key);
    [[nodiscard]] std::vector<BatchRow> accepted();
    [[nodiscard]] std::vector<BatchRow> accepted_with_bytes(const std::string& sha256);
    [[nodiscard]] bool name_taken(const std::string& name);

    /// What BatchAccepted carried, made from the rows; their inputs are not read.
    [[nodiscard]] BatchFacts facts(BatchKey key);

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

    /// About 5 ms of work beside a commit.
    static constexpr std::uint32_t kSweptShotsMax = 500;

    [[nodiscard]] OpenBatch& open_batch(BatchKey key);

    Database* db_;
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
    Statement select_head_;
    Statement select_facts_;
    std::map<BatchKey, OpenBatch> open_;
    std::vector<DroppedBatch> dropped_;
};

} // namespace reeld
