/// The provider's language, outgoing: what is asked, without who sends it.
///
/// Pure text; the base URL and the key are arguments of whoever sends. Source of every rule: the provider's
/// API, as the README sums it up. Threading: pure functions.
#pragma once

#include "jobs/queue/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::eachlabs {

/// How the key travels.
enum class Auth : std::uint8_t { x_api_key, bearer };

/// One HTTP request. It never holds the key, so that it may be compared and kept; a create's body holds its
/// webhook's secret, so it is not logged.
struct Call {
    std::string method;               ///< "GET" or "POST".
    std::string path;                 ///< To be appended to the base URL; starts with '/'.
    std::string body;                 ///< JSON, or empty.
    std::vector<std::string> headers; ///< "Name: value": content type and X-Request-Id.

    friend bool operator==(const Call&, const Call&) = default;
};

/// "X-API-Key: KEY" or "Authorization: Bearer KEY". The result is as secret as the key.
[[nodiscard]] std::string key_header(Auth auth, std::string_view key);

/// Where the provider is to tell that a prediction has ended.
struct WebhookWish {
    std::string url;    ///< With the create's own token in its path; empty: nowhere.
    std::string secret; ///< That the provider shows there.
};

/// POST /prediction/ with {"model", "input"} and, when a webhook is wished for, {"webhook_url",
/// "webhook_secret"}. The slash at the end is the provider's: without it some
/// deployments redirect, and a redirected create may be sent twice.
/// `input` is the text of a JSON object and is embedded as it is, so that what was checked is what is sent.
/// `request_id` is printable ASCII; it is echoed by the provider and helps its support find the attempt.
[[nodiscard]] Call create_call(std::string_view model, std::string_view input, std::string_view request_id,
                               const WebhookWish& webhook = {});

/// GET /prediction/{id}; the id is percent-encoded and not empty.
[[nodiscard]] Call poll_call(std::string_view prediction);

/// POST /prediction/{id}/cancel, without a body. Best effort: the prediction may still finish and bill.
[[nodiscard]] Call cancel_call(std::string_view prediction);

/// Rows of a page of executions, the most that the provider gives. A page with fewer is the last.
inline constexpr std::size_t kListLimit = 100;

/// GET /executions?model=…&from=…&limit=100&offset=…: the organisation's executions of one model, newest
/// first, from row `offset` on. `from` is by the provider's clock and goes out rounded down to a
/// millisecond; without it the provider goes 90 days back.
[[nodiscard]] Call list_call(std::string_view model, std::optional<WallTime> from, std::size_t offset);

/// GET /model?slug=…; the slug is percent-encoded.
[[nodiscard]] Call model_call(std::string_view slug);

} // namespace reeld::eachlabs
