#include "tests/simulation/provider.h"

#include "daemon/sandbox/rfc3339.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

/// What a member of the create's body holds; its texts are the simulation's own and hold no escapes.
std::string model_in(const std::string& body) {
    constexpr std::string_view kBefore = R"({"model":")";
    return body.substr(kBefore.size(), body.find('"', kBefore.size()) - kBefore.size());
}

std::string input_in(const std::string& body) {
    constexpr std::string_view kBefore = R"(,"input":)";
    const auto at = body.find(kBefore) + kBefore.size();
    return body.substr(at, std::min(body.find(R"(,"webhook_url":)"), body.size() - 1) - at);
}

/// Behind `before` and up to the next quote; empty when it is not there.
std::string quoted_behind(const std::string& body, std::string_view before) {
    const auto at = body.find(before);
    if (at == std::string::npos) return "";
    return body.substr(at + before.size(), body.find('"', at + before.size()) - at - before.size());
}

std::string request_id_in(const eachlabs::Call& call) {
    constexpr std::string_view kBefore = "X-Request-Id: ";
    for (const auto& header : call.headers) {
        if (header.starts_with(kBefore)) return header.substr(kBefore.size());
    }
    return "";
}

} // namespace

HttpAnswer Provider::reply(int status, std::string body) const {
    return {.outcome = HttpAnswer::Outcome::answered,
            .status = status,
            .body = std::move(body),
            .retry_after = {},
            .date = sandbox::to_http_date(parts_.clocks.provider(parts_.clocks.now)),
            .content_type = "application/json",
            .request_id = {},
            .cause = {},
            .took = {}};
}

HttpAnswer Provider::error(int status, const std::string& words) const {
    return reply(status, fmt::format(R"({{"status":"error","message":"{}","details":""}})", words));
}

Provider::Fate Provider::draw_fate() {
    auto& dice = parts_.dice;
    auto& faults = parts_.faults;
    Fate fate{.takes = dice.between(20s, 200s), .end = Booked::End::video};
    if (faults.strikes(FaultClass::prediction_fails)) {
        fate.end = dice.chance(0.2) ? Booked::End::moderation : Booked::End::failure;
    } else if (faults.strikes(FaultClass::success_without_url)) {
        fate.end = Booked::End::no_url;
    }
    if (faults.strikes(FaultClass::prediction_hangs)) fate.takes = habits_.hang_min + dice.between(0s, 30min);
    return fate;
}

const Booked& Provider::book(std::string model, std::string input, std::string request_id) {
    const Moment now = parts_.clocks.now;
    const Fate fate = draw_fate();
    index_.emplace(fmt::format("p-{}", books_.size() + 1), books_.size());
    books_.push_back({.id = fmt::format("p-{}", books_.size() + 1),
                      .model = std::move(model),
                      .input = std::move(input),
                      .request_id = std::move(request_id),
                      .webhook = {},
                      .webhook_secret = {},
                      .created_at = now,
                      .ends_at = now + fate.takes,
                      .end = fate.end});
    return books_.back();
}

const Booked& Provider::execute(const eachlabs::Call& call) {
    book(model_in(call.body), input_in(call.body), request_id_in(call));
    books_.back().webhook = quoted_behind(call.body, R"("webhook_url":"https://hooks/)");
    books_.back().webhook_secret = quoted_behind(call.body, R"("webhook_secret":")");
    return books_.back();
}

void Provider::create_foreign(const std::string& model, const std::string& input) {
    book(model, input, "");
}

void Provider::repeat_as_foreign(const eachlabs::Call& call) {
    book(model_in(call.body), input_in(call.body), "");
}

const Booked* Provider::find(const std::string& id) const {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : &books_[found->second];
}

std::optional<HttpAnswer> Provider::refuse_create() {
    auto& faults = parts_.faults;
    const Moment now = parts_.clocks.now;
    if (faults.rages(FaultClass::key_rejected, now)) return error(401, "invalid key");
    if (faults.rages(FaultClass::no_balance, now)) return error(402, "insufficient balance");
    const auto live =
        std::count_if(books_.begin(), books_.end(), [&](const Booked& it) { return running(it); });
    if (live >= 2 && faults.rages(FaultClass::cap_lowered, now))
        return error(429, "at most 2 concurrent predictions");
    if (faults.strikes(FaultClass::slow_down)) {
        auto answer = error(429, "too many requests");
        const Duration wait = parts_.dice.between(0s, 90s);
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
        answer.retry_after = parts_.dice.chance(0.5)
                                 ? std::to_string(seconds.count())
                                 : sandbox::to_http_date(parts_.clocks.provider(now) + wait);
        return answer;
    }
    if (faults.strikes(FaultClass::slow_down_silent)) return error(429, "slow down");
    if (faults.strikes(FaultClass::invalid_input)) return error(422, "duration is not one of them");
    return std::nullopt;
}

HttpAnswer Provider::create(const eachlabs::Call& call) {
    static constexpr std::array kErrors = {500, 502, 503, 504};
    if (auto refusal = refuse_create()) return *std::move(refusal);
    const int status = kErrors.at(parts_.dice.roll(kErrors.size()));
    if (parts_.faults.strikes(FaultClass::error_without_create)) return error(status, "it broke");
    if (parts_.faults.strikes(FaultClass::error_with_create)) {
        const bool later = parts_.faults.tonight(FaultClass::late_arrival) && parts_.dice.chance(0.3);
        if (later) {
            delayed_ = Delayed{.after = parts_.dice.between(0s, habits_.late_max), .call = call};
        } else {
            execute(call);
        }
        return error(status, "it broke after all");
    }
    const auto& it = execute(call);
    return reply(200, fmt::format(R"({{"status":"success","message":"ok","predictionID":"{}"}})", it.id));
}

HttpAnswer Provider::answer(const eachlabs::Call& call) {
    constexpr std::string_view kPrediction = "/prediction/";
    constexpr std::string_view kCancel = "/cancel";
    constexpr std::string_view kList = "/executions?";
    if (call.path.starts_with(kList)) return list(call.path.substr(kList.size()));
    const std::string id = call.path.substr(kPrediction.size());
    if (call.path.ends_with(kCancel)) return cancel(id.substr(0, id.size() - kCancel.size()));
    return poll(id);
}

HttpAnswer Provider::cancel(const std::string& id) {
    const auto found = index_.find(id);
    if (found == index_.end()) return error(404, "no such prediction");
    auto& it = books_[found->second];
    if (running(it) && !parts_.faults.strikes(FaultClass::deaf_cancel)) {
        it.ends_at = parts_.clocks.now;
        it.end = Booked::End::cancelled;
    }
    return reply(200, R"({"status":"success"})");
}

} // namespace reeld::test
