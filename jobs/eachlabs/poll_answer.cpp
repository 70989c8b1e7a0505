#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/failure.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/no_news.h"
#include "jobs/eachlabs/output_urls.h"
#include "jobs/eachlabs/prediction_id.h"
#include "jobs/eachlabs/words.h"
#include "jobs/text/ascii.h"
#include "jobs/text/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace reeld::eachlabs {
namespace {

using rapidjson::Value;

constexpr std::array<std::string_view, 3> kSuccess = {"success", "succeeded", "completed"};
constexpr std::array<std::string_view, 2> kFailed = {"error", "failed"};
constexpr std::array<std::string_view, 2> kCancelled = {"cancelled", "canceled"};

// A number, also one written as a string. What is negative or not finite measures nothing.
std::optional<double> metric(const Value& body, std::string_view name) {
    const Value* metrics = member(body, "metrics");
    const Value* value = metrics == nullptr ? nullptr : member(*metrics, name);
    if (value == nullptr) return std::nullopt;
    double number = -1;
    if (value->IsNumber()) {
        number = value->GetDouble();
    } else {
        number = to_number<double>(string_of(*value)).value_or(-1);
    }
    return std::isfinite(number) && number >= 0 ? std::optional{number} : std::nullopt;
}

Failure without_url(const Value& body) {
    Failure failure;
    failure.error.code = kNoOutputUrl;
    failure.error.message = "the provider reports success but names no video URL";
    // It was rendered and paid for; whether another attempt is worth its price, a person says.
    failure.would_fail_again = true;
    if (const Value* output = member(body, "output"))
        failure.error.details = clean_text("output: " + compact_json(*output), kDetailsBytesMax);
    return failure;
}

PollVerdict read_end(const Value& body, bool success) {
    const auto predict_time_s = metric(body, "predict_time");
    const auto cost_usd = metric(body, "cost");
    if (const Value* output = member(body, "output"); success && output != nullptr) {
        if (auto urls = output_urls(*output); !urls.empty())
            return Rendered{.urls = std::move(urls), .predict_time_s = predict_time_s, .cost_usd = cost_usd};
    }
    Failure failure = success ? without_url(body) : read_failure(body);
    failure.predict_time_s = predict_time_s;
    failure.cost_usd = cost_usd;
    return failure;
}

} // namespace

bool tells_of(const Answer& answer, std::string_view prediction) {
    if (answer.status < 200 || answer.status > 299) return false;
    const auto body = parse_mended_body(answer.body);
    return body && names_prediction(*body, prediction);
}

bool tells_of_another(const Answer& answer, std::string_view prediction) {
    const auto body = parse_mended_body(answer.body);
    return body && names_only_others(*body, prediction);
}

PollVerdict read_poll(const Answer& answer) {
    if (answer.status < 200 || answer.status > 299) return no_news(answer);
    const auto body = parse_mended_body(answer.body);
    const std::string status =
        body ? clean_text(string_member(*body, "status"), kCodeBytesMax) : std::string{};
    if (status.empty()) return no_news(answer);
    const std::string word = lower_letters(status);
    if (is_one_of(word, kSuccess)) return read_end(*body, true);
    if (is_one_of(word, kFailed)) return read_end(*body, false);
    if (is_one_of(word, kCancelled)) return Cancelled{};
    return Pending{.status = status};
}

} // namespace reeld::eachlabs
