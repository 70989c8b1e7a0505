/// The provider's language, incoming: verdicts out of answers.
///
/// Bodies come from outside and are hostile until parsed: caps on size and depth, types checked before
/// they are read, invalid UTF-8 refused. Where the provider's two documents differ, either is accepted;
/// an unknown status means "still running". All text in a verdict is fit to be shown (see words.h), and
/// no message is empty. Every table of the provider's API has its rows under test. Pure functions;
/// verdicts own what they hold.
#pragma once

#include "jobs/eachlabs/retry_after.h"
#include "jobs/queue/outcome.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reeld::eachlabs {

/// A complete HTTP answer, as far as a verdict needs it.
struct Answer {
    int status = 0;
    std::string_view body;
    std::string_view retry_after; ///< The header's value, or empty.
    std::string_view date;        ///< The header's value, or empty: the provider's clock.
    std::string_view content_type;
};

/// The longest prediction id that is believed. The provider's have 36 characters.
inline constexpr std::size_t kPredictionIdBytesMax = 256;

struct Accepted {
    std::string prediction; ///< Printable ASCII without blanks, 1 … kPredictionIdBytesMax.
};

/// What an answer to a create means. The question behind every row is money: is it certain that nothing was
/// created? If not, it is a Loss.
///
/// | answer | verdict |
/// |---|---|
/// | 200, 201, 202 with an id, whatever else they say | Accepted: polling tells the rest |
/// | 400, 422, 404 with a JSON object | Refusal: invalid_input, unknown_model |
/// | 400, 422, 404 with anything else | Loss: not the provider's words, so a proxy or a wrong base URL |
/// | 401, 403, whatever the body | Refusal: key_rejected |
/// | 402, 429, whatever the body | Refusal: no_balance; too_many_running or too_fast |
/// | all others: 5xx, 3xx, 408, 409, 425, a 2xx without an id | Loss |
///
/// A page of a proxy fails no shot, since that would lose the whole queue to a wrong URL; and it frees no
/// shot for another create, since who wrote it cannot tell what lies behind. As a Loss it is shown to the
/// operator. The refusals that only suspend or delay cost nothing when a proxy speaks them, so they need
/// no JSON. A Loss whose body names a prediction carries that id in its cause.
using CreateVerdict = std::variant<Accepted, Refusal, Loss>;
[[nodiscard]] CreateVerdict read_create(const Answer& answer);

struct Pending {
    std::string status; ///< The provider's word.
};
struct Cancelled {};
/// The answer brought no news: 404, 429, 5xx, garbage.
struct NoNews {
    int http_status = 0;
    std::string cause;               ///< For a person, with the provider's first words.
    bool key_rejected = false;       ///< 401, 403.
    bool provider_speaks = false;    ///< In its JSON; a proxy's page does not count.
    bool unknown_prediction = false; ///< 404, and the provider speaks.
    std::optional<Duration> retry_after;
};

/// The error's code of a prediction that succeeded without any URL.
inline constexpr std::string_view kNoOutputUrl = "no_output_url";

/// What an answer to a poll means. Only a 2xx JSON object with a status is news. A success without any
/// URL is a Failure with the code "no_output_url"; it was rendered and charged, so that nobody but a person
/// should pay for another attempt.
using PollVerdict = std::variant<Pending, Rendered, Failure, Cancelled, NoNews>;
[[nodiscard]] PollVerdict read_poll(const Answer& answer);

/// Whether the provider tells of this very prediction, whatever it tells: a 2xx that names it, be it beside
/// another id.
[[nodiscard]] bool tells_of(const Answer& answer, std::string_view prediction);

/// Whether it names a prediction, and only others.
[[nodiscard]] bool tells_of_another(const Answer& answer, std::string_view prediction);

/// A row of the provider's list, as far as settling needs it: the list has no inputs.
struct Execution {
    std::string id;                     ///< Like Accepted::prediction.
    std::optional<WallTime> created_at; ///< By the provider's clock; absent when missing or unreadable.
    std::string model;                  ///< As the provider writes it; empty when it does not.
};

/// A page of the list.
struct ExecutionPage {
    std::vector<Execution> executions; ///< In the order of the page, newest first.
    std::size_t rows = 0; ///< Of the page, unreadable ones included: below kListLimit it is the last.

    /// The page proves no absence: a row has no believable id, or the provider cut the page at a limit of
    /// its own that is smaller than the one asked for.
    bool unreadable = false;

    /// How many executions there are on all pages; nothing when the provider does not tell for certain.
    std::optional<std::size_t> total;

    std::optional<WallTime> as_of; ///< The answer's own date: the provider's clock.
};

/// What an answer to GET /executions means. Only a 200 with an array of rows is a page: `executions`, `data`,
/// `items`, or the body itself. `"executions": null` beside a `total_count` of 0 is an empty one. A 404 here
/// says that there is no list, not that a prediction is unknown.
using ListVerdict = std::variant<ExecutionPage, NoNews>;
[[nodiscard]] ListVerdict read_list(const Answer& answer);

/// What a prediction was created with.
struct Echo {
    std::string input; ///< The text of a JSON object, as canonical_json() writes it.
};

/// The input in an answer to GET /prediction/{id}, whatever has become of the prediction. A 2xx without an
/// `input` that is an object, with a key named twice somewhere, or that names other predictions only, is
/// NoNews that says so in its cause.
using EchoVerdict = std::variant<Echo, NoNews>;
[[nodiscard]] EchoVerdict read_echo(const Answer& answer, std::string_view prediction);

/// The `request_schema` of GET /model?slug=, as JSON text, or why there is none.
struct ModelVerdict {
    std::string schema;         ///< A JSON object's text. Empty when there is none.
    std::string error;          ///< Why there is none, for a person; empty when there is.
    bool unknown_model = false; ///< 404: the provider does not know the slug either.
};
[[nodiscard]] ModelVerdict read_model(const Answer& answer);

} // namespace reeld::eachlabs
