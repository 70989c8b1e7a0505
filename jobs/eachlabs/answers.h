/// The provider's language, incoming: verdicts out of answers.
///
/// Bodies come from outside and are hostile until parsed: caps on size and depth, types checked before they are read, invalid UTF-8 refused.
/// Where the provider's two documents differ, either is accepted; an unknown status means "still running". Every table of the
/// provider's API has its rows under test.
#pragma once

#include "jobs/queue/outcome.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace reeld::eachlabs {

/// A complete HTTP answer, as far as a verdict needs it.
struct Answer {
    int status = 0;
    std::string_view body;
    std::string_view retry_after; ///< The header's value, or empty.
    std::string_view date;        ///< The header's value, or empty: the provider's clock.
    std::string_view content_type;
};

struct Accepted {
    std::string prediction;
};

/// What an answer to a create means. Whatever is not surely accepted or surely refused is a Loss: 5xx, a 2xx without an id, HTML with code 200,
/// codes nobody documents, redirects.
using CreateVerdict = std::variant<Accepted, Refusal, Loss>;
[[nodiscard]] CreateVerdict read_create(const Answer& answer);

struct Pending {
    std::string status;
};
struct Cancelled {};
/// The poll brought no news: 404, 429, 5xx, garbage.
struct NoNews {
    int http_status = 0;
    std::string cause;               ///< For a person, with the provider's first words.
    bool key_rejected = false;       ///< 401, 403.
    bool unknown_prediction = false; ///< 404.
    std::optional<Duration> retry_after;
};

/// What an answer to a poll means. A success without any URL is a Failure with the code "no_output_url".
using PollVerdict = std::variant<Pending, Rendered, Failure, Cancelled, NoNews>;
[[nodiscard]] PollVerdict read_poll(const Answer& answer);

/// The `request_schema` of GET /model?slug=, as JSON text, or why there is none.
struct ModelVerdict {
    std::string schema; ///< Empty when there is none.
    std::string error;
    bool unknown_model = false; ///< 404: the provider does not know the slug either.
};
[[nodiscard]] ModelVerdict read_model(const Answer& answer);

/// `Retry-After`: seconds, or an HTTP date taken against the answer's own `Date`. At most a day; nonsense is std::nullopt.
[[nodiscard]] std::optional<Duration> read_retry_after(std::string_view retry_after, std::string_view date);

} // namespace reeld::eachlabs
