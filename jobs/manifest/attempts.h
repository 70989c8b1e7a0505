/// What happened to each create of a shot: the evidence for a bill, and for a refund.
///
/// A manifest tells how a shot ended; this tells what was sent for it, what came back, how a doubt was
/// settled, and what the provider says it cost. Pure: made out of the shot's events; decides nothing.
#pragma once

#include "jobs/queue/event.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// What came of a create.
enum class CreateOutcome : std::uint8_t {
    unanswered, ///< Nothing is recorded: it is under way, or the program ended before it was.
    not_sent,   ///< Not a byte left this machine.
    accepted,   ///< The provider answered with a prediction.
    refused,    ///< The provider answered that it created none.
    adopted,    ///< The answer was lost; the prediction was found.
    dismissed,  ///< The answer was lost; there is no prediction, or a rule or a person says so.
    in_doubt,   ///< The answer was lost; it is being looked for.
    held,       ///< The answer was lost; a person has to say what became of it.
};
[[nodiscard]] std::string_view to_word(CreateOutcome outcome);

/// How the prediction ended.
enum class PredictionEnd : std::uint8_t { none, running, succeeded, failed, cancelled };
[[nodiscard]] std::string_view to_word(PredictionEnd end);

/// "list", "rule" or "person", as reports and the journal write it.
[[nodiscard]] std::string_view to_word(SettledBy by);

struct Attempt {
    int number = 0;         ///< As it was counted then; creates that cost no attempt repeat their number.
    std::string request_id; ///< The X-Request-Id, which the provider's support can look for.
    WallTime sent_at;       ///< When it was about to be sent.
    CreateOutcome outcome = CreateOutcome::unanswered;
    std::optional<WallTime> answered_at; ///< When the answer came, or was given up for lost.
    int http_status = 0;                 ///< Of the answer; 0 when there was none or it is not known.
    std::string words;                   ///< The provider's first words, or the network's.
    std::optional<WallTime> settled_at;  ///< When a doubt ended, or the shot was held.
    std::optional<SettledBy> settled_by;
    std::string held_because;
    std::string prediction;
    PredictionEnd end = PredictionEnd::none;
    std::optional<WallTime> ended_at;
    std::string end_words; ///< Why the prediction failed.
    std::optional<double> cost_usd;

    friend bool operator==(const Attempt&, const Attempt&) = default;
};

/// The attempts of one shot, oldest first, out of its events, oldest first.
[[nodiscard]] std::vector<Attempt> fold_attempts(std::span<const Event> events);

} // namespace reeld
