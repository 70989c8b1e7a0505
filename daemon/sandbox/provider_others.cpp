/// The part of the provider in which predictions come to be that nobody waits for: creates that happen late,
/// and those of another program.
#include "daemon/sandbox/provider.h"
#include "daemon/sandbox/record.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

/// How late a create can be, before `--speed`.
constexpr Duration kLatenessMax = std::chrono::seconds{30};

/// The share of the client's creates that another program repeats, while it has predictions left to make.
constexpr double kImitated = 0.5;

void put_line(std::string& lines, const std::string& line) {
    if (!lines.empty()) lines += '\n';
    lines += line;
}

} // namespace

std::string Provider::record_of(const Prediction& created) const {
    return record_of_creation(created, models_[created.model].slug);
}

const Prediction& Provider::accept(CreateRequest wish, Stamp now) {
    const std::uint64_t number = predictions_.all().size();
    Prediction drawn = draw_prediction(std::move(wish), now);
    Misbehaviour misbehaviour = Misbehaviour::none;
    if (is_loopback_url(drawn.webhook.url)) {
        misbehaviour = draw(options_.misbehave, Operation::webhook, dice_, number);
        happened(misbehaviour);
        if (misbehaviour == Misbehaviour::webhook_early) drawn.ends = now.at;
        webhooks_.plan({.prediction = drawn.id,
                        .created = now.at,
                        .ends = drawn.ends,
                        .misbehaviour = misbehaviour,
                        .lateness = dice_.uniform(Purpose::webhook_lateness, number)});
    }
    const Prediction& created = predictions_.add(std::move(drawn));
    ++tally_.creates_accepted;
    tally_.most_in_flight = std::max<std::uint64_t>(tally_.most_in_flight, predictions_.in_flight(now.at));
    return created;
}

/// The request counts in the window when it arrives, like any other; the prediction takes its place among
/// those in flight when it comes, whatever the limits are by then. A sandbox that ends before forgets it.
Reply Provider::put_off(CreateRequest wish, Stamp now) {
    const double part = dice_.uniform(Purpose::lateness, tally_.creates_arrived) / options_.speed;
    const Duration wait{static_cast<Duration::rep>(static_cast<double>(kLatenessMax.count()) * part)};
    late_.emplace(now.at + wait, std::move(wish));
    happened(Misbehaviour::create_late);
    Reply reply;
    reply.delivery = Delivery::close;
    return reply;
}

/// What has happened until `now` without a request of its own: nothing looks at predictions between two
/// requests, so it is early enough to make up for it at the next one. Returns the lines for the state file.
std::string Provider::catch_up(Stamp now) {
    std::string lines;
    while (foreign_ < options_.foreign / 2 && predictions_.all().size() < kPredictionsMax) {
        CreateRequest wish{foreign_ % models_.size(), fmt::format(R"({{"prompt":"Foreign {}"}})", foreign_),
                           kClipSecondsDefault};
        put_line(lines, record_of(add_foreign(std::move(wish), now)));
    }
    while (!late_.empty() && late_.begin()->first <= now.at) {
        auto late = late_.extract(late_.begin());
        if (predictions_.all().size() >= kPredictionsMax) continue;
        const Stamp then{late.key(), now.wall - (now.at - late.key())};
        const Prediction& created = accept(std::move(late.mapped()), then);
        put_line(lines, record_of(created) + imitate(created, then));
    }
    return lines;
}

/// Maybe another program has just had the same wish. Returns what that adds to the record of `created`.
std::string Provider::imitate(const Prediction& created, Stamp now) {
    if (foreign_ >= options_.foreign || predictions_.all().size() >= kPredictionsMax) return {};
    if (dice_.uniform(Purpose::foreign, tally_.creates_accepted) >= kImitated) return {};
    return '\n' + record_of(add_foreign({created.model, created.input, kClipSecondsDefault}, now));
}

const Prediction& Provider::add_foreign(CreateRequest wish, Stamp now) {
    Prediction prediction = draw_prediction(std::move(wish), now);
    prediction.foreign = true;
    ++foreign_;
    return predictions_.add(std::move(prediction));
}

} // namespace reeld::sandbox
