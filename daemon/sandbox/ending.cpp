#include "daemon/sandbox/ending.h"

namespace reeld::sandbox {

namespace {

constexpr std::array<EndingWords, kEndings> kEndingWords = {{
    {Ending::success, "success", "", "", false, ""},
    {Ending::no_output, "no-output", "", "", false, ""},
    {Ending::moderation, "moderation", "content_moderation", "VALIDATION", false,
     "The prompt was flagged by the content moderation"},
    {Ending::timeout, "timeout", "execution_timeout", "TIMEOUT", true,
     "The model did not finish within its time"},
    {Ending::input, "input", "invalid_user_input", "VALIDATION", false, "The model rejected the input"},
    {Ending::provider, "provider", "provider_error", "PROVIDER", true,
     "The upstream provider failed to render the video"},
    {Ending::unavailable, "unavailable", "provider_unavailable", "PROVIDER", true,
     "The upstream provider is not available"},
    {Ending::rate_limit, "rate-limit", "provider_rate_limit", "RATE_LIMIT", true,
     "The upstream provider is at its rate limit"},
    {Ending::internal, "internal", "internal_error", "INTERNAL", true, "An internal error occurred"},
    {Ending::unknown, "unknown", "unknown", "UNKNOWN", true, "An unknown error occurred"},
    {Ending::cancelled, "cancelled", "", "", false, ""},
}};

} // namespace

const EndingWords& words_of(Ending ending) {
    return kEndingWords.at(static_cast<std::size_t>(ending));
}

std::optional<Ending> ending_named(std::string_view name) {
    for (const EndingWords& words : kEndingWords) {
        if (words.name == name) return words.ending;
    }
    return std::nullopt;
}

std::optional<Ending> failure_named(std::string_view name) {
    const std::optional<Ending> ending = ending_named(name);
    const bool can_be_asked_for = ending && (is_failure(*ending) || *ending == Ending::no_output);
    return can_be_asked_for ? ending : std::nullopt;
}

} // namespace reeld::sandbox
