/// What an operator may do to the queue: each deed checks that it can be done, records its facts through
/// App's one door, and reports when they are durable.
///
/// A deed on a whole batch of many shots is done in portions, a turn each, so that the loop goes on turning;
/// meanwhile a batch that is being cancelled is paused, so that none of its shots is created in between
/// (should the program end in the middle, it stays paused, and the same deed goes on with it).
///
/// Not here: what the names of batches and shots mean (lookup.h), and who may do what (control_api.h).
/// Threading: the loop's. Ownership: borrows the App, which must outlive it.
#pragma once

#include "daemon/app/app.h"
#include "daemon/app/resolve.h"
#include "daemon/control/refused.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace reeld {

class Operator {
public:
    /// What became of a deed.
    struct Outcome {
        std::size_t changed = 0; ///< Shots, or 1 for a batch or the account; 0: it was so already.
        std::optional<Refused> refused;
    };
    /// Called once: at once when the deed is refused, else when its facts are durable.
    using Done = std::function<void(const Outcome&)>;

    explicit Operator(App& app) : app_(app) {}
    Operator(const Operator&) = delete;
    Operator& operator=(const Operator&) = delete;

    /// Stops and allows creates, of one batch or, with kAllBatches, of all. What is under way goes on.
    void pause(BatchKey batch, Done done);
    void resume(BatchKey batch, Done done);

    /// Ends what is not final: at once where nothing is under way, else at the provider. Said once more of
    /// a prediction that takes longer than polling.give_up, it awaits the provider's word no more.
    void cancel(BatchKey batch, Done done);
    void cancel(ShotRef shot, Done done);

    /// Queues again what has failed or was cancelled: consent to pay for it once more.
    void retry(BatchKey batch, Done done);
    void retry(ShotRef shot, Done done);

    /// Says what became of the create of a shot that is held or in doubt; see resolve_doubt(). A
    /// prediction is looked up at the provider first.
    void resolve(ShotRef shot, const Finding& finding, Done done);

    /// The priority of all the batch's shots, -100 … 100, whatever the storyboard said of each.
    void prioritise(BatchKey batch, int priority, Done done);

    /// Facts of one deed that are recorded in a turn: some milliseconds, with what is told of them.
    static constexpr std::size_t kFactsPerTurnMax = 200;

private:
    struct Bulk;
    void record_one(Fact fact, Done done);
    void record_finding(ShotRef shot, const Finding& finding, Done done);
    void begin(const std::shared_ptr<Bulk>& bulk);
    void go_on(const std::shared_ptr<Bulk>& bulk);
    [[nodiscard]] bool allows(const Fact& fact) const;
    [[nodiscard]] Fact cancel_fact(ShotRef shot) const;
    [[nodiscard]] std::string name_of(ShotRef shot) const;
    [[nodiscard]] Outcome unresolved(ShotRef shot, const std::string& why_not) const;

    App& app_;
};

} // namespace reeld
