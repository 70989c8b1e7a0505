/// How a prediction ends, in the provider's several vocabularies.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace reeld::sandbox {

enum class Ending : std::uint8_t {
    success,
    no_output, ///< `success` without any URL.
    moderation,
    timeout,
    input,
    provider,
    unavailable,
    rate_limit,
    internal,
    unknown,
    cancelled, ///< Never drawn: somebody asked for it.
};

inline constexpr std::size_t kEndings = static_cast<std::size_t>(Ending::cancelled) + 1;

/// A share of all predictions for each ending; what is left over succeeds.
using EndingShares = std::array<double, kEndings>;

struct EndingWords {
    Ending ending;
    std::string_view name;     ///< Ours: `--fail NAME=SHARE` and the report.
    std::string_view code;     ///< `output.error_code`, and the execution list's classification.
    std::string_view category; ///< `output.classification.category`.
    bool retryable;            ///< `output.retryable`.
    std::string_view message;  ///< `output.error_message`.
};

/// The words for `ending`; code, category and message are empty for the three endings that are no failure.
[[nodiscard]] const EndingWords& words_of(Ending ending);

/// The ending with that name, all of them.
[[nodiscard]] std::optional<Ending> ending_named(std::string_view name);

/// The ending that `--fail` calls `name`; success and cancelled are not among them.
[[nodiscard]] std::optional<Ending> failure_named(std::string_view name);

[[nodiscard]] inline bool is_failure(Ending ending) {
    return ending >= Ending::moderation && ending <= Ending::unknown;
}

} // namespace reeld::sandbox
