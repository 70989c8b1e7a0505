/// What the provider's answers amount to, in the queue's own terms. `jobs/eachlabs` makes these out of
/// HTTP answers; events carry them.
#pragma once

#include "jobs/queue/shot.h"
#include "jobs/queue/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld {

/// An error in the provider's own words, as a manifest shows it.
struct ProviderError {
    std::string code;    ///< A short machine word: "content_moderation", "http_400", "no_output_url".
    std::string message; ///< One sentence. Never empty.
    std::string details; ///< Whatever else was said; may be empty.

    friend bool operator==(const ProviderError&, const ProviderError&) = default;
};

/// Why a create was refused: an answer that is certain not to have created a prediction.
enum class RefusalKind : std::uint8_t {
    invalid_input,    ///< 400, 422: the shot fails.
    unknown_model,    ///< 404: the shot fails.
    key_rejected,     ///< 401, 403: the account is suspended until an operator mends the key.
    no_balance,       ///< 402: the account is suspended until a prediction ends or a timer asks again.
    too_many_running, ///< 429 that names a cap in flight: wait for a prediction to end.
    too_fast,         ///< Any other 429: wait `retry_after`, or back off.
};

struct Refusal {
    RefusalKind kind = RefusalKind::invalid_input;
    int http_status = 0;
    ProviderError error;
    std::optional<Duration> retry_after; ///< The provider's `Retry-After`, from the answer on; at least 0.

    friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// Why nothing is known of a create: it may have created (and billed) a prediction.
struct Loss {
    int http_status = 0; ///< 0 when no status line arrived.
    std::string cause;   ///< "connection reset after the request was sent", "HTTP 502: bad gateway".
    std::string named;   ///< A prediction that the answer names without saying that it was created; or empty.

    friend bool operator==(const Loss&, const Loss&) = default;
};

/// Who ended the doubt about a lost create.
enum class SettledBy : std::uint8_t {
    list,    ///< The provider's list of executions shows the prediction, or proves that there is none.
    rule,    ///< No list was to be had; after a 5xx, or with `on_unresolved: retry`, it is tried again.
    person,  ///< Somebody looked at the provider and said what became of it.
    webhook, ///< The create's own webhook named the prediction, and its input is the shot's.
};

/// An execution in the provider's list that the journal does not know.
struct Sighting {
    std::string prediction;
    WallTime created_at; ///< By the provider's clock.
    /// The shots that are creating or in doubt, of the list's model, whose input equals the execution's.
    /// None: it is another program's, if the provider tells inputs as they were sent.
    std::vector<ShotRef> equals;

    friend bool operator==(const Sighting&, const Sighting&) = default;
};

/// The end of a prediction that made a video.
struct Rendered {
    std::vector<std::string> urls;        ///< At least one; the first is the video.
    std::optional<double> predict_time_s; ///< As the provider reports it.
    std::optional<double> cost_usd;       ///< As the provider reports it.

    friend bool operator==(const Rendered&, const Rendered&) = default;
};

/// The end of a prediction that made none.
struct Failure {
    ProviderError error;
    bool would_fail_again = false; ///< Moderation, validation: another attempt is money thrown away.
    std::optional<double> predict_time_s;
    std::optional<double> cost_usd;

    friend bool operator==(const Failure&, const Failure&) = default;
};

} // namespace reeld
