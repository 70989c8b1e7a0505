/// Facts, in the past tense: the only way in which anything about the queue changes.
///
/// An event is immutable. All kinds but those marked *passing* are written to the journal before
/// anything acts on them, so adding a field or a kind is a change of the journal's format
/// (`daemon/journal/codec.h`).
#pragma once

#include "jobs/queue/outcome.h"
#include "jobs/queue/shot.h"
#include "jobs/queue/time.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reeld {

/// What the queue must know of a shot to schedule it. Its input stays in the journal.
struct ShotFacts {
    std::uint16_t model = 0;        ///< Index into `BatchFacts::models`.
    std::int16_t priority = 0;      ///< Higher first; -100 … 100.
    std::uint16_t clip_seconds = 0; ///< The clip length asked for, 0 when unknown; groups durations.

    friend bool operator==(const ShotFacts&, const ShotFacts&) = default;
};

/// What the queue must know of a batch to schedule it.
struct BatchFacts {
    BatchKey key = 0;
    std::string name;                ///< Unique: the name of its output folder.
    std::vector<std::string> models; ///< Slugs, each once.
    std::vector<ShotFacts> shots;    ///< In storyboard order; never empty.

    friend bool operator==(const BatchFacts&, const BatchFacts&) = default;
};

namespace event {

/// The program started on this journal. Lifts suspensions over the key and the balance (both
/// may have been mended).
struct Started {
    bool same_boot = false; ///< False: instants before this one passed on a clock nobody can vouch for.
    friend bool operator==(const Started&, const Started&) = default;
};

/// A storyboard is fully in the journal.
struct BatchAccepted {
    BatchFacts batch;
    friend bool operator==(const BatchAccepted&, const BatchAccepted&) = default;
};

/// A create is about to be sent. Takes a token and a slot; durable before the first byte leaves.
struct CreateIntended {
    ShotRef shot;
    int attempt = 0;        ///< Counted from 1. A refused create that cost no attempt repeats its number.
    std::string request_id; ///< Sent as X-Request-Id; unique.
    /// The provider's clock at this instant, or later by as long as the answer took that told it; absent when
    /// it was not heard of yet. Should this create's answer get lost, nothing that the provider created
    /// clearly before it is taken for this create's.
    std::optional<WallTime> provider_at;
    /// The last part of the path that the provider's webhook is to call, and the secret that it is to show:
    /// both random, both this create's own, both empty without webhooks. Neither is for anybody's eyes.
    std::string webhook;
    std::string webhook_secret;
    friend bool operator==(const CreateIntended&, const CreateIntended&) = default;
};

/// No byte of the create left this machine (name lookup, connect, TLS): nothing was created.
struct CreateNotSent {
    ShotRef shot;
    std::string cause;
    friend bool operator==(const CreateNotSent&, const CreateNotSent&) = default;
};

/// The provider has a prediction for the shot.
struct CreateAccepted {
    ShotRef shot;
    std::string prediction; ///< The provider's opaque id; never empty.
    int http_status = 0;    ///< Of the answer; 0 in journals that did not keep it.
    friend bool operator==(const CreateAccepted&, const CreateAccepted&) = default;
};

/// The provider created nothing and said so.
struct CreateRefused {
    ShotRef shot;
    Refusal refusal;
    friend bool operator==(const CreateRefused&, const CreateRefused&) = default;
};

/// Nobody knows whether the create made a prediction: the shot is in doubt, and settling begins.
struct CreateLost {
    ShotRef shot;
    Loss loss;
    friend bool operator==(const CreateLost&, const CreateLost&) = default;
};

/// The prediction that a create in doubt has made was found: it is polled as if nothing had happened.
struct CreateAdopted {
    ShotRef shot;
    std::string prediction; ///< Never empty.
    SettledBy by{};         ///< list, person or webhook.
    friend bool operator==(const CreateAdopted&, const CreateAdopted&) = default;
};

/// The doubt ends without a prediction: it was proven that nothing was created, or a rule or a person says to
/// try again all the same.
struct CreateDismissed {
    ShotRef shot;
    SettledBy by{};
    bool charged = false; ///< The attempt counts: it was billed perhaps, or failed through the shot's fault.
    /// When the shot is queued again, counted from now; absent: the shot has failed. Part of the fact for the
    /// reason that PredictionFailed gives.
    std::optional<Duration> retry_after;
    friend bool operator==(const CreateDismissed&, const CreateDismissed&) = default;
};

/// Nobody but a person can end the doubt: the shot is held.
struct CreateHeld {
    ShotRef shot;
    std::string reason; ///< Why it could not be settled, for that person.
    friend bool operator==(const CreateHeld&, const CreateHeld&) = default;
};

/// An execution of the provider's list.
struct Execution {
    std::string prediction;
    WallTime created_at;
    friend bool operator==(const Execution&, const Execution&) = default;
};

/// A create without an answer was looked for in the provider's list, which there is then. Recorded with the
/// first look for one that is in doubt, and whenever a look changes what may be the create's own.
struct CreateSought {
    ShotRef shot;
    std::vector<Execution> suspects; ///< May be the create's own, by all looks so far; kSuspectsMax at most.
    friend bool operator==(const CreateSought&, const CreateSought&) = default;
};

/// The webhook of a create without an answer, held or not, was called: only what that create has made can
/// know where. Whatever a list leaves out, it was executed.
struct CreateCalled {
    ShotRef shot;
    std::string prediction; ///< By its own word; never empty.
    friend bool operator==(const CreateCalled&, const CreateCalled&) = default;
};

/// Passing. What the provider's list of executions shows of a model.
struct ListLooked {
    std::string model;
    Instant asked_at{};    ///< When its first page was asked for.
    WallTime as_of;        ///< The provider's clock when it answered, at the earliest.
    Instant answered_at{}; ///< Our instant of that answer.
    /// Every page was read, and of every execution that may be ours it is known what its input is: what is
    /// not among `sightings` was not in the list.
    bool complete = false;
    /// What has an unequal input is somebody else's: an execution that is ours for certain shows exactly what
    /// was sent, and none that is nobody's has all of a doubt's input and more; or nothing ever was ours, and
    /// each has plainly another text. Otherwise an unequal input says little: the provider may add defaults
    /// to what it shows.
    bool inputs_are_told = false;
    /// Whether inputs are told could not be learned just now: the next look may tell.
    bool witness_unread = false;
    /// May be anybody's: could not be read, or is not dated, so that nobody can adopt it.
    std::vector<Execution> unread;
    std::vector<Sighting> sightings;
    std::vector<std::string> ours; ///< Predictions of the journal that the list shows.
    /// Whether the provider knows us as who sent the creates in doubt: the list shows a prediction of the
    /// journal from before them, or from since where there is none, or the provider told of it when asked.
    /// Nothing: the journal has none.
    std::optional<bool> knows_us;
    friend bool operator==(const ListLooked&, const ListLooked&) = default;
};

/// Passing. The list could not be had.
struct ListFailed {
    std::string model;
    Instant asked_at{};
    int http_status = 0; ///< 0 when there was no usable answer.
    std::string cause;
    std::optional<Duration> retry_after;
    bool denied = false; ///< The provider itself says that there is no such list: 403 or 404 in its JSON.
    friend bool operator==(const ListFailed&, const ListFailed&) = default;
};

/// Passing. The prediction has not ended yet.
struct PollPending {
    ShotRef shot;
    std::string status; ///< The provider's word: "processing", "created", or one we do not know.
    friend bool operator==(const PollPending&, const PollPending&) = default;
};

/// Passing. The poll brought no news: unreachable, 5xx, 404, 429, garbage.
struct PollFailed {
    ShotRef shot;
    int http_status = 0; ///< 0 when there was no usable answer.
    std::string cause;
    std::optional<Duration> retry_after;
    bool key_rejected = false; ///< 401, or 403 in the provider's own JSON: firewalls say 403, too.
    friend bool operator==(const PollFailed&, const PollFailed&) = default;
};

struct PredictionSucceeded {
    ShotRef shot;
    Rendered rendered;
    friend bool operator==(const PredictionSucceeded&, const PredictionSucceeded&) = default;
};

struct PredictionFailed {
    ShotRef shot;
    Failure failure;
    /// When the shot is queued again, counted from now; absent: the shot has failed. It is part of the fact,
    /// so that a restart with other `retries` does not change what was decided (and perhaps written).
    std::optional<Duration> retry_after;
    friend bool operator==(const PredictionFailed&, const PredictionFailed&) = default;
};

/// The provider says that the prediction was cancelled.
struct PredictionCancelled {
    ShotRef shot;
    friend bool operator==(const PredictionCancelled&, const PredictionCancelled&) = default;
};

/// The prediction has run for `polling.give_up`, or a person asked for its end: a cancel is sent, and its end
/// is still asked for.
struct PredictionOverdue {
    ShotRef shot;
    friend bool operator==(const PredictionOverdue&, const PredictionOverdue&) = default;
};

/// A person wants the shot no more. One that waits, or is held, is cancelled by this very event. A create
/// under way is not taken back: what it made is cancelled at the provider, like a prediction that runs, and
/// its end is asked for; what is never found out of it ends the shot all the same.
struct CancelAsked {
    ShotRef shot;
    friend bool operator==(const CancelAsked&, const CancelAsked&) = default;
};

/// A person stops creates; what is under way goes on. Holds until Resumed, restarts included.
struct Paused {
    BatchKey batch = kAllBatches; ///< A pause of all is one of its own, beside those of batches.
    friend bool operator==(const Paused&, const Paused&) = default;
};
struct Resumed {
    BatchKey batch = kAllBatches; ///< As it was paused.
    friend bool operator==(const Resumed&, const Resumed&) = default;
};

/// A person gives the batch's shots another priority, whatever the storyboard said of each.
struct Reprioritised {
    BatchKey batch = 0;
    std::int16_t priority = 0; ///< -100 … 100.
    friend bool operator==(const Reprioritised&, const Reprioritised&) = default;
};

/// The hours in which the batch's creates may start, whatever the configuration says: those of its
/// storyboard, or any, when a person wants it now.
struct HoursSet {
    BatchKey batch = 0;
    std::string hours; ///< As people write them (`jobs/text/hours.h`), or kAnyHours.
    friend bool operator==(const HoursSet&, const HoursSet&) = default;
};

/// A person wants a shot that failed or was cancelled once more, with all its attempts: consents to another
/// bill, also where the last create may have been billed. A finished batch is unfinished again.
struct RetryAsked {
    ShotRef shot;
    friend bool operator==(const RetryAsked&, const RetryAsked&) = default;
};

/// Passing. The provider called the webhook of this prediction: a reason to poll it now, and no more.
struct WebhookArrived {
    ShotRef shot;
    std::string prediction; ///< Of the shot's latest create.
    friend bool operator==(const WebhookArrived&, const WebhookArrived&) = default;
};

/// `manifest.json` of a finished batch is on disk.
struct ManifestWritten {
    BatchKey batch = 0;
    friend bool operator==(const ManifestWritten&, const ManifestWritten&) = default;
};

} // namespace event

using Fact =
    std::variant<event::Started, event::BatchAccepted, event::CreateIntended, event::CreateNotSent,
                 event::CreateAccepted, event::CreateRefused, event::CreateLost, event::CreateAdopted,
                 event::CreateDismissed, event::CreateHeld, event::ListLooked, event::ListFailed,
                 event::PollPending, event::PollFailed, event::PredictionSucceeded, event::PredictionFailed,
                 event::PredictionCancelled, event::PredictionOverdue, event::ManifestWritten,
                 event::CancelAsked, event::Paused, event::Resumed, event::Reprioritised, event::RetryAsked,
                 event::WebhookArrived, event::HoursSet, event::CreateSought, event::CreateCalled>;

struct Event {
    Stamp stamp; ///< `stamp.at` never goes back from one event to the next.
    Fact fact;

    friend bool operator==(const Event&, const Event&) = default;
};

/// Whether the event belongs in the journal: all but the passing ones do.
[[nodiscard]] bool is_durable(const Fact& fact);

/// The kind's stable name in journals and logs: "create_intended".
[[nodiscard]] std::string_view kind_name(const Fact& fact);

/// The shot an event is about, or null when it is about a batch, a list, or the program.
[[nodiscard]] const ShotRef* shot_of(const Fact& fact);

} // namespace reeld
