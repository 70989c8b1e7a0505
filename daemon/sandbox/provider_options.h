/// What the stand-in provider is like: its limits, its speed, and how badly it behaves.
#pragma once

#include "daemon/sandbox/ending.h"
#include "daemon/sandbox/ideal_schedule.h"
#include "daemon/sandbox/misbehaviour.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::sandbox {

/// The form of the `Retry-After` header on a create over the rate limit.
enum class RetryAfter : std::uint8_t { seconds, date, none };

/// The provider's two documents describe two error bodies; `both` merges them.
enum class ErrorShape : std::uint8_t {
    both,    ///< {"status": "error", "message", "error", "details"}
    pages,   ///< {"status": "error", "message", "details"}: the model pages.
    openapi, ///< {"error", "status": 429, "details"}: the OpenAPI document.
};

/// The form of `output` of a prediction that succeeded.
enum class OutputShape : std::uint8_t {
    string,  ///< "URL"
    array,   ///< ["URL"]
    object,  ///< {"url": "URL"}
    objects, ///< [{"url": "URL"}]
    mixed,   ///< One of the four, drawn per prediction.
};

/// A model beside the two Kling ones; takes any object as its input.
struct ExtraModel {
    std::string slug;
    Duration typical_time = std::chrono::seconds{60};
};

/// More would only make the list long.
inline constexpr std::size_t kForeignMax = 100'000;

struct ProviderOptions {
    ScheduleLimits limits;        ///< Enforced in wall-clock time: `speed` does not scale the window.
    std::optional<Duration> time; ///< Mean render time of every model, before `speed`; empty: each its own.
    double spread = 0.25;         ///< Standard deviation of render times over their mean. 0 … 2.
    double speed = 1;             ///< Renders, lagging lists and late creates are this much faster. Above 0.
    std::uint64_t seed = 1;
    /// Goes into the ids of predictions, so that two sandboxes with one seed do not give out the same ids;
    /// the same number gives the same ids again.
    std::uint64_t id_salt = 0;
    std::string key; ///< The only key that is accepted; empty: any key but an empty one.
    RetryAfter retry_after = RetryAfter::seconds;
    ErrorShape error_shape = ErrorShape::both;
    OutputShape output_shape = OutputShape::string;
    EndingShares fail{};
    MisbehaviourShares misbehave{};
    std::vector<ExtraModel> models;
    /// So many predictions, up to kForeignMax, are another program's: half of them, rounded down, exist from
    /// the start with inputs of their own; the others get model and input of one that the client has just
    /// created.
    std::size_t foreign = 0;
};

/// What is wrong with the options, for the person who gave them, with the name of the flag; empty when
/// nothing is.
[[nodiscard]] std::string complaint_about(const ProviderOptions& options);

} // namespace reeld::sandbox
