/// The state of everything accepted: what the events so far amount to, and nothing else.
///
/// A ledger is a value. It is made by applying events in order, by the same code in the middle of the night
/// and at start-up, so recovery is replay. It decides nothing about what comes next (that is the Scheduler's)
/// and forgets whatever only the moment knows, such as when a poll is due.
#pragma once

#include "jobs/queue/account.h"
#include "jobs/queue/backoff.h"
#include "jobs/queue/durations.h"
#include "jobs/queue/event.h"
#include "jobs/queue/token_bucket.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// What is remembered of a shot; small, since there may be hundreds of thousands.
struct ShotRecord {
    ShotFacts facts;
    ShotState state = ShotState::queued;
    std::uint8_t attempts = 0; ///< Creates charged to the shot so far.
    std::uint8_t forgiven = 0; ///< Of them, those before a person last asked for it once more.
    bool retried = false; ///< A person has asked for it once more, so that its line may be written again.
};

/// What ShotRecord can count.
inline constexpr int kAttemptsMax = 255;

/// What is remembered of a create whose answer was lost.
struct Doubt {
    int http_status = 0; ///< Of the answer that told nothing; 0 when there was none.
    /// The answer was given up for lost, or the program started after that: from here on settling counts.
    Instant since{};
    std::string named; ///< See Loss.

    friend bool operator==(const Doubt&, const Doubt&) = default;
};

/// What is remembered besides of a shot that holds a slot: creating, rendering, in doubt or held.
struct ActiveShot {
    Instant intended_at{};               ///< When its create was about to be sent.
    std::string request_id;              ///< That the create carries.
    std::string webhook;                 ///< See CreateIntended.
    std::string webhook_secret;          ///< Likewise.
    std::optional<WallTime> provider_at; ///< See CreateIntended.
    std::string called;                  ///< See CreateCalled: the first that called; empty: none did.
    /// See CreateSought; absent as long as it was not looked for.
    std::optional<std::vector<event::Execution>> suspects;
    bool age_known = true;  ///< No reboot since the send: our clock knows how long ago it was.
    std::string prediction; ///< Empty until the create was accepted or its prediction was found.
    Instant accepted_at{};  ///< Likewise meaningless until then. Of an adopted prediction, its create's send.
    bool adopted = false;   ///< Found, not answered: when exactly it was created is not known.
    bool overdue = false;   ///< A cancel was sent, its end is still awaited.
    bool cancel_asked = false;  ///< A person wants it no more.
    std::optional<Doubt> doubt; ///< While in doubt or held.
};

struct BatchRecord {
    std::string name;
    std::vector<std::string> models;
    std::vector<ShotRecord> shots;
    std::array<std::uint32_t, kShotStates> in_state{}; ///< Shots by ShotState.
    Stamp accepted{};
    bool manifest_written = false;
    std::string hours;   ///< See HoursSet; empty: those of the configuration.
    double cost_usd = 0; ///< Of all predictions that ended, as far as the provider names it.

    [[nodiscard]] std::uint32_t count(ShotState state) const {
        return in_state.at(static_cast<std::size_t>(state));
    }
    [[nodiscard]] std::uint32_t final_count() const;
    [[nodiscard]] bool all_final() const { return final_count() == shots.size(); }
};

class Ledger {
public:
    struct Rules {
        TokenBucket::Limit creates;               ///< The account's limit on creates.
        int slots = 10;                           ///< The account's limit on predictions at once. At least 1.
        int attempts = 3;                         ///< Creates per shot, 1 … 255.
        Backoff backoff;                          ///< Between attempts, and after refusals.
        Duration give_up = std::chrono::hours{1}; ///< How long a lost create keeps its slot.
        Duration settle = std::chrono::minutes{2}; ///< How long its request may arrive late.
        std::map<std::string, Duration> typical;   ///< Typical times by model, from the catalog.
    };

    explicit Ledger(const Rules& rules);

    /// Why the event cannot follow those applied so far, or an empty string. A journal that says such a thing
    /// is corrupt; a caller that does has a bug.
    [[nodiscard]] std::string why_illegal(const Event& event) const;

    /// Precondition: why_illegal(event) is empty. Passing events change nothing here.
    void apply(const Event& event);

    [[nodiscard]] const std::map<BatchKey, BatchRecord>& batches() const { return batches_; }
    [[nodiscard]] const BatchRecord& batch(BatchKey key) const { return batches_.at(key); }
    [[nodiscard]] const ShotRecord& shot(ShotRef ref) const {
        return batches_.at(ref.batch).shots.at(ref.index);
    }

    /// Shots that are creating, rendering, in doubt or held, in order.
    [[nodiscard]] const std::map<ShotRef, ActiveShot>& active() const { return active_; }

    /// Whether a shot renders with this prediction.
    [[nodiscard]] bool is_live(const std::string& prediction) const;

    /// Slots taken at `now`: creating and rendering shots; and those in doubt or held, since they may be
    /// live, until `give_up` after their create was given up for lost, or `settle` where that is longer.
    [[nodiscard]] int slots_taken(Instant now) const;

    /// When a shot in doubt or held gives its slot back next; Instant::max() when none will.
    [[nodiscard]] Instant slot_expires_at(Instant now) const;

    /// Shots whose create was lost, in doubt and held alike, and when each gives its slot back; in order.
    [[nodiscard]] const std::map<ShotRef, Instant>& lost() const { return lost_; }

    /// Shots that wait for a person.
    [[nodiscard]] int held() const { return held_; }

    /// What a person has paused: batches, and kAllBatches.
    [[nodiscard]] const std::set<BatchKey>& paused() const { return paused_; }

    /// Creates that are under way: their answer is still awaited.
    [[nodiscard]] int unanswered() const { return creating_; }

    [[nodiscard]] const TokenBucket& tokens() const { return tokens_; }
    [[nodiscard]] const Account& account() const { return account_; }
    [[nodiscard]] const Durations& durations() const { return durations_; }
    [[nodiscard]] const Rules& rules() const { return rules_; }

    /// What a failed prediction means for its shot, by the rules in force: the wait before it is queued
    /// again, or nothing when the shot has failed. To be put into PredictionFailed::retry_after.
    [[nodiscard]] std::optional<Duration> retry_after(ShotRef shot, const Failure& failure) const;

    /// What it means for a shot in doubt or held that its create has made nothing, or is to be tried again
    /// all the same. The attempt is charged when it `may_be_billed`; when the provider answered it with an
    /// error and accepted a create that was sent no earlier, so that the fault is the shot's and not the
    /// night's; and when the shot's creates have been getting lost for `give_up`, since some day that must
    /// end. Never charged is what a person says.
    [[nodiscard]] event::CreateDismissed dismissal(ShotRef shot, SettledBy by, bool may_be_billed) const;

    /// The class of predictions that the shot's durations belong to.
    [[nodiscard]] Durations::Kind duration_kind(ShotRef shot) const;

    /// The instant of the last event applied.
    [[nodiscard]] Instant last_event_at() const { return last_event_at_; }

private:
    void on(const event::Started& it, Stamp stamp);
    void on(const event::BatchAccepted& it, Stamp stamp);
    void on(const event::CreateIntended& it, Stamp stamp);
    void on(const event::CreateNotSent& it, Stamp stamp);
    void on(const event::CreateAccepted& it, Stamp stamp);
    void on(const event::CreateRefused& it, Stamp stamp);
    void on(const event::CreateLost& it, Stamp stamp);
    void on(const event::CreateAdopted& it, Stamp stamp);
    void on(const event::CreateDismissed& it, Stamp stamp);
    void on(const event::CreateHeld& it, Stamp stamp);
    void on(const event::CreateSought& it, Stamp stamp);
    void on(const event::CreateCalled& it, Stamp stamp);
    void on(const event::ListLooked&, Stamp) {}
    void on(const event::ListFailed&, Stamp) {}
    void on(const event::PollPending&, Stamp) {}
    void on(const event::PollFailed&, Stamp) {}
    void on(const event::PredictionSucceeded& it, Stamp stamp);
    void on(const event::PredictionFailed& it, Stamp stamp);
    void on(const event::PredictionCancelled& it, Stamp stamp);
    void on(const event::PredictionOverdue& it, Stamp stamp);
    void on(const event::ManifestWritten& it, Stamp stamp);
    void on(const event::CancelAsked& it, Stamp stamp);
    void on(const event::Paused& it, Stamp stamp);
    void on(const event::Resumed& it, Stamp stamp);
    void on(const event::Reprioritised& it, Stamp stamp);
    void on(const event::RetryAsked& it, Stamp stamp);
    void on(const event::WebhookArrived&, Stamp) {}
    void on(const event::HoursSet& it, Stamp stamp);

    ShotRecord& record(ShotRef ref) { return batches_.at(ref.batch).shots.at(ref.index); }
    void distrust(Instant now);
    void move_to(ShotRef ref, ShotState state);
    void answered_without_prediction(ShotRef ref, ShotState next, Instant at);
    void cancel_unsettled(ShotRef ref, Instant at);
    enum class Slot : std::uint8_t { given_back, kept };
    void end_doubt(ShotRef ref, Slot slot, Instant at);
    void give_token_back(ShotRef ref, Instant at);
    [[nodiscard]] std::optional<Duration> wait_before_attempt(ShotRef ref, int attempts) const;
    [[nodiscard]] ShotState waiting_again(ShotRef ref) const;
    void end_prediction(ShotRef ref, ShotState next, Instant at);

    Rules rules_;
    TokenBucket tokens_;
    Account account_;
    Durations durations_;
    std::map<BatchKey, BatchRecord> batches_;
    std::set<BatchKey> paused_; ///< kAllBatches: all of them.
    std::map<ShotRef, ActiveShot> active_;
    std::map<ShotRef, Instant> lost_; ///< Shots in doubt or held, and when each gives its slot back.
    std::vector<Instant>
        slots_back_; ///< The same instants in order: held shots may be many, live ones are few.
    int creating_ = 0;
    int rendering_ = 0;
    int held_ = 0;
    Instant started_at_{}; ///< Predictions accepted before were not watched all the time.
    std::map<ShotRef, Instant>
        losing_since_; ///< Shots whose lost creates were not charged: the first one's send.
    Instant last_accepted_sent_at_ = Instant::min(); ///< The latest send of a create that was accepted.
    Instant last_event_at_{};
};

} // namespace reeld
