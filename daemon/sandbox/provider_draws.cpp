/// The part of the provider that decides what becomes of a create: its limits, and the drawing of a
/// prediction.
#include "daemon/sandbox/in_seconds.h"
#include "daemon/sandbox/provider.h"
#include "daemon/sandbox/record.h"
#include "daemon/sandbox/rfc3339.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

/// About a dollar for ten seconds of video, the order of magnitude of the real price.
constexpr double kDollarsPerClipSecond = 0.1;

/// Keeps a wide spread from drawing a render that takes all night.
constexpr double kTimeFactorMax = 10;

/// The shortest render, so that each prediction is seen in flight.
constexpr Duration kTimeMin = std::chrono::milliseconds{1};

Ending ending_at(const EndingShares& shares, double place) {
    for (std::size_t i = 0; i < shares.size(); ++i) {
        place -= shares.at(i);
        if (place < 0) return static_cast<Ending>(i);
    }
    return Ending::success;
}

} // namespace

std::optional<Reply> Provider::over_limits(Stamp now) {
    if (predictions_.all().size() >= kPredictionsMax) {
        return refuse_create("full", {503, "Service unavailable", "the sandbox is full; start a new one"});
    }
    if (!window_.has_room(now.at)) {
        Reply reply =
            refuse_create("rate", {429, "Rate limit exceeded",
                                   fmt::format("more than {} predictions created in {:g} seconds",
                                               options_.limits.creates, in_seconds(options_.limits.per))});
        // Whole seconds, rounded up: a client that comes back then finds room.
        const auto wait = std::chrono::ceil<std::chrono::seconds>(window_.room_at(now.at) - now.at);
        if (options_.retry_after == RetryAfter::seconds) {
            reply.headers.emplace_back("Retry-After", fmt::format("{}", wait.count()));
        } else if (options_.retry_after == RetryAfter::date) {
            const auto at = std::chrono::ceil<std::chrono::seconds>(now.wall + wait);
            reply.headers.emplace_back("Retry-After", to_http_date(at));
        }
        return reply;
    }
    if (predictions_.in_flight(now.at) >= static_cast<std::size_t>(options_.limits.concurrent)) {
        return refuse_create(
            "concurrent", {429, "Rate limit exceeded",
                           fmt::format("more than {} concurrent predictions", options_.limits.concurrent)});
    }
    return std::nullopt;
}

Prediction Provider::draw_prediction(CreateRequest wish, Stamp now) const {
    const std::uint64_t number = predictions_.all().size();
    const Duration typical = options_.time.value_or(models_[wish.model].typical_time);
    const double factor =
        std::min(dice_.around_one(Purpose::time, number, options_.spread), kTimeFactorMax) / options_.speed;
    const Duration whole{static_cast<Duration::rep>(static_cast<double>(typical.count()) * factor)};

    Prediction prediction;
    prediction.id =
        fmt::format("{:016x}{:08x}", Dice(options_.id_salt).bits(Purpose::id, options_.seed), number);
    prediction.model = wish.model;
    prediction.input = std::move(wish.input);
    prediction.webhook = std::move(wish.webhook);
    prediction.created = now.at;
    prediction.ends = now.at + std::max(whole, kTimeMin);
    prediction.created_wall = now.wall;
    if (!predictions_.all().empty()) {
        prediction.created_wall = std::max(now.wall, predictions_.all().back().created_wall);
    }
    prediction.ending = ending_at(options_.fail, dice_.uniform(Purpose::ending, number));
    prediction.says_failed = dice_.uniform(Purpose::failure_word, number) < 0.5;
    constexpr auto kShapes = static_cast<std::uint64_t>(OutputShape::mixed);
    prediction.shape = options_.output_shape == OutputShape::mixed
                           ? static_cast<OutputShape>(dice_.bits(Purpose::output_shape, number) % kShapes)
                           : options_.output_shape;
    prediction.price = kDollarsPerClipSecond * wish.clip_seconds;
    return prediction;
}

std::string Provider::restore(std::string_view line, Stamp now) {
    auto record = read_record(line, models_, now);
    if (const auto* complaint = std::get_if<std::string>(&record)) return *complaint;
    if (const auto* cancellation = std::get_if<Cancellation>(&record)) {
        Prediction* prediction = predictions_.find(cancellation->prediction);
        if (prediction == nullptr) return "it cancels a prediction that was never created";
        if (cancellation->at < prediction->ends) predictions_.cancel(*prediction, cancellation->at);
        return {};
    }
    auto& prediction = std::get<Prediction>(record);
    if (predictions_.find(prediction.id) != nullptr) return "it creates a prediction a second time";
    if (predictions_.all().size() >= kPredictionsMax) return "it is one prediction too many";
    const Prediction& restored = predictions_.add(std::move(prediction));
    if (restored.foreign) {
        ++foreign_;
    } else {
        window_.count(restored.created);
    }
    if (is_loopback_url(restored.webhook.url) && restored.ends > now.at)
        webhooks_.plan({.prediction = restored.id, .created = restored.created, .ends = restored.ends});
    return {};
}

} // namespace reeld::sandbox
