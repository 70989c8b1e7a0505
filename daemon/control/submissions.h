/// Storyboards that are handed over instead of dropped: read, checked, and accepted or refused.
///
/// One at a time, in the order of their coming: two that have the same bytes are never accepted both because
/// neither saw the other. Threading: the loop's. Borrows App and Intake.
#pragma once

#include "daemon/app/intake.h"
#include "daemon/control/batch_document.h"
#include "daemon/http/server.h"
#include "daemon/output/fd.h"

#include <deque>
#include <optional>
#include <string>

namespace reeld {

/// What somebody wants rendered.
struct Submission {
    std::string yaml;
    std::string default_name; ///< See ReadRequest.
    std::string file;         ///< As faults name it.
    bool again = false;       ///< Also when a batch has the same bytes.
    std::string after; ///< With `again`: only while this batch is the newest of these bytes. Empty: always.
    Wishes wishes;
};

class Submissions {
public:
    /// That wait, each with its bytes in memory. One more is refused with 503.
    static constexpr std::size_t waiting_max = 32;

    Submissions(App& app, Intake& intake) : app_(app), intake_(intake) {}
    Submissions(const Submissions&) = delete;
    Submissions& operator=(const Submissions&) = delete;

    /// Responds 201 when the batch is durable {"batch", "shots", "warnings"}; 422 {"error", "faults",
    /// "text"}; 409 {"error", "batch", "finished"} for a duplicate; 503 when the machine is to blame. What
    /// nobody waits for any more when its turn has come is not accepted.
    void submit(Submission submission, http::Respond respond);

private:
    struct Waiting {
        Submission wish;
        http::Respond respond;
    };
    void begin();
    void was_read(const Reading& reading);
    void accept(const Reading& reading);
    void end(http::Reply reply);
    [[nodiscard]] bool is_finished(const BatchRow& row) const;
    /// Of a batch that waits for them, because a person wants it now. False: it does not.
    [[nodiscard]] bool lift_hours(BatchKey batch);

    App& app_;
    Intake& intake_;
    std::deque<Waiting> waiting_; ///< The first is under way.
    Fd file_;                     ///< The bytes of the first, as a file of no name.
    Intake::Ticket ticket_ = 0;
};

} // namespace reeld
