#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/prediction_id.h"
#include "jobs/eachlabs/words.h"
#include "jobs/text/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace reeld::eachlabs {
namespace {

using rapidjson::Document;

// Names of the two caps in flight. A transient "too many started at once" and a rate per minute are not among
// them: both pass by waiting, while a cap ends only with a prediction.
constexpr std::array<std::string_view, 6> kCapWords = {"concurren", "in flight",    "inflight",
                                                       "parallel",  "simultaneous", "still running"};
constexpr std::array<std::string_view, 6> kRateWords = {"per minute", "a minute", "/min",
                                                        "per second", "per 60",   "started at once"};

bool names_one_of(std::string_view text, std::span<const std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

std::string id_in(const std::optional<Document>& body) {
    return body ? prediction_id_in(*body) : std::string{};
}

// A refusal that names both a rate and a cap is taken for the rate: waiting is right in either case.
RefusalKind kind_of_429(const Words& words) {
    std::string said = lower_letters(words.message + ' ' + words.details);
    std::replace_if(
        said.begin(), said.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
    return names_one_of(said, kCapWords) && !names_one_of(said, kRateWords) ? RefusalKind::too_many_running
                                                                            : RefusalKind::too_fast;
}

std::optional<RefusalKind> refusal_kind(int status, const Words& words, bool provider_speaks) {
    switch (status) {
    case 400:
    case 422: return provider_speaks ? std::optional{RefusalKind::invalid_input} : std::nullopt;
    case 404: return provider_speaks ? std::optional{RefusalKind::unknown_model} : std::nullopt;
    case 401:
    case 403: return RefusalKind::key_rejected;
    case 402: return RefusalKind::no_balance;
    case 429: return kind_of_429(words);
    default: return std::nullopt;
    }
}

Refusal make_refusal(RefusalKind kind, const Answer& answer, const Words& words) {
    Refusal refusal;
    refusal.kind = kind;
    refusal.http_status = answer.status;
    refusal.error.code = fmt::format("http_{}", answer.status);
    refusal.error.message = words.message.empty() ? first_words(answer) : words.message;
    refusal.error.details = words.details;
    refusal.retry_after = read_retry_after(answer.retry_after, answer.date);
    return refusal;
}

Loss make_loss(const Answer& answer, const std::optional<Document>& body) {
    Loss loss{.http_status = answer.status, .cause = first_words(answer), .named = id_in(body)};
    if (!loss.named.empty())
        loss.cause += fmt::format(" (the answer names prediction {})", loss.named);
    else if (answer.status >= 200 && answer.status < 300)
        loss.cause += " (the answer names no prediction)";
    return loss;
}

} // namespace

CreateVerdict read_create(const Answer& answer) {
    const auto body = parse_body(answer.body);
    if (answer.status >= 200 && answer.status <= 202) {
        if (std::string id = id_in(body); !id.empty()) return Accepted{.prediction = std::move(id)};
        return make_loss(answer, body);
    }
    const Words words = body ? words_of(*body) : Words{};
    const bool provider_speaks = body && body->IsObject();
    if (const auto kind = refusal_kind(answer.status, words, provider_speaks))
        return make_refusal(*kind, answer, words);
    return make_loss(answer, body);
}

} // namespace reeld::eachlabs
