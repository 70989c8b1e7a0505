/// One prediction as the provider keeps it.
///
/// All that will happen to it is drawn when it is created; what it looks like at an instant follows from
/// that.
#pragma once

#include "daemon/sandbox/ending.h"
#include "daemon/sandbox/provider_options.h"
#include "daemon/sandbox/webhooks.h"
#include "jobs/queue/time.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld::sandbox {

struct Prediction {
    std::string id;
    std::size_t model = 0;
    std::string input; ///< Canonical JSON.
    Instant created;
    Instant ends;          ///< Planned; earlier than planned when it is cancelled.
    WallTime created_wall; ///< Never before that of an older prediction.
    Ending ending = Ending::success;
    bool says_failed = false; ///< A failure is called "failed", which one document has, not "error".
    OutputShape shape = OutputShape::string;
    double price = 0;     ///< USD; billed when it succeeds.
    bool foreign = false; ///< Another program's, of the same organisation: in the list, and in no limit.
    WebhookWish webhook;

    // What this process saw of it.
    bool from_state_file = false;
    std::uint64_t polls = 0;
    std::optional<Instant> end_observed; ///< When a poll first carried its end to the client.
};

enum class Phase : std::uint8_t { created, starting, processing, ended };

/// Created for the first 2 % of its time, starting until 10 %, then processing.
[[nodiscard]] Phase phase_at(const Prediction& prediction, Instant now);

/// The one before; created has none before it.
[[nodiscard]] Phase phase_before(Phase phase);

/// Success, or success without output: what the provider bills.
[[nodiscard]] bool is_billed(const Prediction& prediction);

/// Whether it ended when it was created, so that its webhook comes before its create's answer.
[[nodiscard]] inline bool webhook_is_early(const Prediction& prediction) {
    return !prediction.webhook.url.empty() && prediction.ends == prediction.created;
}

/// The answer to a poll in `phase`, with the fields of both documents. `base_url` is that of the API
/// (".../v1"); the video lies beside it.
[[nodiscard]] std::string poll_body(const Prediction& prediction, Phase phase, std::string_view model,
                                    std::string_view base_url);

/// The body of the webhook that tells the end of the prediction: {"exec_id", "flow_id", "status", "output",
/// "error"}, as the provider's documents have it.
[[nodiscard]] std::string webhook_body(const Prediction& prediction, std::string_view base_url);

/// Where the video is.
[[nodiscard]] std::string clip_url(const Prediction& prediction, std::string_view base_url);

} // namespace reeld::sandbox
