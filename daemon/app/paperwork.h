/// Writes what the queue decides about manifests: a line per finished shot, a document per finished batch.
///
/// Lines wait a moment for company: a sync stops the loop for some milliseconds, and what follows from an
/// end, the next create, must not stand behind it. A crash in that moment loses nothing, since at the next
/// start every line that a manifest.jsonl lacks is made again out of the journal.
///
/// A full disk delays both and loses neither: what could not be written is tried again by itself every few
/// seconds, out of the journal. A batch whose folder cannot be written holds up no other. A folder that
/// somebody moves away is made anew, with the lines of all shots that are final; that is told once, and what
/// else was in it is not made again. Threading: the loop's; a large manifest.json is written in steps, so
/// that the loop turns in between.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/loop/loop.h"
#include "daemon/output/line_file.h"
#include "daemon/output/stepped_file.h"
#include "jobs/manifest/manifest_text.h"
#include "jobs/queue/ledger.h"

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace reeld {

/// A manifest.json that is on disk, and what it says of its batch as a whole.
struct WrittenManifest {
    BatchKey batch = 0;
    std::string name;             ///< Of the batch.
    std::filesystem::path folder; ///< Where it lies, beside the other files of the batch.
    ManifestCounts counts;
    std::optional<double> cost_usd; ///< Summed over the shots whose cost is known.
};

class Paperwork {
public:
    struct Reports {
        std::function<void(const WrittenManifest&)> written;
        std::function<void(const std::string&)>
            trouble;                ///< What could not be written, once per batch and cause; a lost folder.
        std::function<void()> wake; ///< step() has something to do again.
    };

    Paperwork(Loop& loop, const Journal& journal, Reports reports);
    Paperwork(const Paperwork&) = delete;
    Paperwork& operator=(const Paperwork&) = delete;

    /// How long a line waits at most before it is written and synced.
    static constexpr Duration line_wait_max = std::chrono::milliseconds{50};

    /// The final shot's line is to stand in its batch's manifest.jsonl. Written by a step() within
    /// line_wait_max, or by the next flush(). A shot that was `retried` gets a further line where the last
    /// one says something else.
    void append_line(ShotRef ref, bool retried);

    /// The shot, which was final, is so no more: what was to be written of its end, and of its batch's, is
    /// not.
    void take_back(ShotRef ref);

    /// The batch's manifest.json is to be written, after all its lines. `batch` is its record in the ledger;
    /// all its shots are final.
    void write_manifest(BatchKey key, const BatchRecord& batch);

    /// Does a few milliseconds of what is due. Returns whether there is more to do right away.
    bool step();

    /// Writes the lines that wait now; for when the program is about to end, or others are about to be told.
    /// What cannot be written stays to be tried again.
    void flush();

private:
    /// A manifest.json under way.
    struct Document {
        BatchKey key = 0;
        ManifestCounts counts;
        std::optional<BatchRow> row; ///< Set, like `file`, once it was begun.
        SteppedFile file;
        std::optional<double> cost_usd; ///< Of the shots that were written.
        std::uint32_t next_index = 0;
    };

    void write_lines();
    void leave_lost_folders();
    void add_lines();
    void add_line(LineFile& file, ShotRef ref);
    void sync_lines();
    void continue_document();
    [[nodiscard]] std::optional<std::string> begin(Document& document);
    [[nodiscard]] std::optional<std::string> write_some(Document& document);
    [[nodiscard]] std::optional<std::string> open_lines(BatchKey key);
    [[nodiscard]] ManifestShot fold(const std::string& batch_name, ShotRef ref) const;
    void try_later(BatchKey key, const std::string& why);
    void try_again();
    void set_aside(BatchKey key);
    [[nodiscard]] bool lines_pending(BatchKey key) const;
    [[nodiscard]] std::deque<Document>::iterator next_document();

    const Journal& journal_;
    Loop& loop_;
    Reports reports_;
    LoopTimer retry_;
    LoopTimer line_timer_;
    bool lines_due_ = false;                  ///< The line that waited longest has waited long enough.
    std::map<BatchKey, std::string> trouble_; ///< Batches in trouble, with what was told of it.
    std::set<BatchKey> waiting_;              ///< Those of them that wait for the retry timer.
    std::deque<ShotRef> set_aside_;           ///< Their shots whose line was not added yet.
    std::map<BatchKey, LineFile> lines_;      ///< Open manifest.jsonl files of unfinished batches.
    std::map<BatchKey, std::string> names_;   ///< Names of the same batches.
    std::deque<ShotRef> pending_;             ///< Shots whose line was not added yet.
    std::set<ShotRef> final_;                 ///< Shots of unfinished batches that are to have a line.
    std::set<ShotRef> retried_;               ///< Shots that may have an older line in an unfinished batch.
    std::deque<Document> documents_;          ///< In order; several may be under way.
};

} // namespace reeld
