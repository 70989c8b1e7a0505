/// The folder of manifests in a simulated night, and the writer of it.
///
/// Lines and documents are made by the real code out of the real journal; only the files are imitated. They
/// survive crashes, and a line that a crash keeps from being written is written after the next start.
#pragma once

#include "daemon/journal/journal.h"
#include "jobs/queue/ledger.h"
#include "tests/simulation/chronicle.h"

#include <deque>
#include <map>
#include <string>

namespace reeld::test {

class Manifests {
public:
    /// A program starts: what an earlier one had in mind is forgotten, what is written stands.
    void start() {
        lines_wanted_.clear();
        documents_wanted_.clear();
    }

    void append_line(ShotRef shot) { lines_wanted_.push_back(shot); }
    void write_document(BatchKey batch) { documents_wanted_.push_back(batch); }

    /// The shot is final no more: what was to be written of it and of its batch is not.
    void take_back(ShotRef shot) {
        std::erase(lines_wanted_, shot);
        std::erase(documents_wanted_, shot.batch);
    }

    /// Whether there is anything to write.
    [[nodiscard]] bool busy() const { return !lines_wanted_.empty() || !documents_wanted_.empty(); }

    /// Writes the next line or document. Returns the batch whose document was written, else 0. Throws
    /// Violation when a line says something else than the ledger. Requires that it is busy.
    BatchKey write_next(const Journal& journal, const Ledger& ledger);

    /// Throws Violation unless every shot of every batch has one line, which says what the ledger says.
    void close(const Journal& journal, const Ledger& ledger) const;

private:
    static void check(const Journal& journal, const Ledger& ledger, ShotRef shot, const std::string& line);

    std::deque<ShotRef> lines_wanted_;
    std::deque<BatchKey> documents_wanted_;
    std::map<ShotRef, std::string> lines_; ///< As they stand in the files.
    std::map<BatchKey, int> documents_;    ///< How often each was written; one that is there is replaced.
};

} // namespace reeld::test
