#include "daemon/sandbox/provider.h"

#include "daemon/sandbox/execution_list.h"
#include "daemon/sandbox/json.h"
#include "daemon/sandbox/record.h"
#include "daemon/sandbox/respell.h"
#include "daemon/sandbox/router.h"
#include "daemon/sandbox/spoil.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

/// How far a stale list is behind at most, before `--speed`.
constexpr Duration kListLagMax = std::chrono::seconds{120};

Problem no_such_prediction(std::string_view id) {
    return {404, "Prediction not found", fmt::format("no prediction {}", id)};
}

/// The answer to a create and to a cancel: one object of three strings.
std::string prediction_body(std::string_view status, std::string_view message, std::string_view id) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    put_member(writer, "status", status);
    put_member(writer, "message", message);
    put_member(writer, "predictionID", id);
    writer.EndObject();
    return std::string(view(buffer));
}

} // namespace

Provider::Provider(ProviderOptions options, std::string base_url)
    : options_(std::move(options)), base_url_(std::move(base_url)), models_(make_models(options_.models)),
      dice_(options_.seed), webhooks_(options_.speed), window_(options_.limits.creates, options_.limits.per) {
    assert(complaint_about(options_).empty());
}

Reply Provider::answer(const Request& request, Stamp now) {
    std::string record = catch_up(now);
    Reply reply = respond(request, now);
    if (record.empty()) return reply;
    if (!reply.record.empty()) record += '\n' + reply.record;
    reply.record = std::move(record);
    return reply;
}

Reply Provider::respond(const Request& request, Stamp now) {
    const Route route = route_of(request.method, request.path);
    switch (route.endpoint) {
    case Endpoint::model: return model(request);
    case Endpoint::models: return models(request);
    case Endpoint::media: return media(request, route.id, now.at);
    case Endpoint::none: return refuse({404, "Not found", fmt::format("there is no {}", request.path)});
    case Endpoint::wrong_method:
        return refuse({405, "Method not allowed", fmt::format("{} {}", request.method, request.path)});
    case Endpoint::report: {
        Reply reply;
        reply.body = to_json(report());
        return reply;
    }
    default: break;
    }
    if (route.endpoint == Endpoint::create) return create(request, now);
    if (const auto problem = problem_with_key(request)) return refuse(*problem);
    if (route.endpoint == Endpoint::poll) return poll(route.id, now);
    return route.endpoint == Endpoint::cancel ? cancel(route.id, now) : list(request, now);
}

std::optional<Problem> Provider::problem_with_key(const Request& request) const {
    constexpr std::string_view kBearer = "Bearer ";
    std::string_view key = request.x_api_key;
    if (key.empty() && request.authorization.starts_with(kBearer)) {
        key = request.authorization.substr(kBearer.size());
    }
    if (key.empty()) {
        return Problem{401, "Unauthorized", "an API key is required: X-API-Key or Authorization: Bearer"};
    }
    if (!options_.key.empty() && key != options_.key) {
        return Problem{401, "Unauthorized", "the API key is not valid"};
    }
    return std::nullopt;
}

Misbehaviour Provider::next_misbehaviour(Operation operation) {
    const std::uint64_t number = requests_.at(static_cast<std::size_t>(operation))++;
    return draw(options_.misbehave, operation, dice_, number);
}

void Provider::happened(Misbehaviour what) {
    if (what != Misbehaviour::none) ++tally_.misbehaved[std::string(name_of(what))];
}

std::optional<Reply> Provider::spoiled_outright(Misbehaviour what) {
    auto reply = reply_instead(what, options_.error_shape);
    if (reply) happened(what);
    return reply;
}

Reply Provider::refuse(const Problem& problem) const {
    return refusal(problem, options_.error_shape);
}

Reply Provider::refuse_create(const std::string& reason, const Problem& problem) {
    ++tally_.refused[reason];
    return refuse(problem);
}

Reply Provider::create(const Request& request, Stamp now) {
    ++tally_.creates_arrived;
    if (!first_create_) first_create_ = now.at;
    if (const auto problem = problem_with_key(request)) return refuse_create("key", *problem);

    const Misbehaviour misbehaviour = next_misbehaviour(Operation::create);
    if (auto reply = spoiled_outright(misbehaviour)) {
        ++tally_.refused["misbehaviour"];
        return *std::move(reply);
    }
    auto read = read_create_request(request.body, models_);
    if (const auto* problem = std::get_if<Problem>(&read)) {
        return refuse_create(problem->status == 404 ? "model" : "input", *problem);
    }
    if (auto reply = over_limits(now)) return *std::move(reply);

    auto wish = std::get<CreateRequest>(std::move(read));
    window_.count(now.at);
    if (misbehaviour == Misbehaviour::create_late) return put_off(std::move(wish), now);

    const Prediction& created = accept(std::move(wish), now);
    Reply reply;
    reply.body = prediction_body("success", "Prediction created successfully", created.id);
    reply.record = record_of(created) + imitate(created, now);
    if (webhook_is_early(created)) reply.after_webhook_of = created.id;
    spoil(reply, misbehaviour, options_.error_shape);
    happened(misbehaviour);
    return reply;
}

Reply Provider::poll(std::string_view id, Stamp now) {
    ++tally_.polls;
    const Misbehaviour misbehaviour = next_misbehaviour(Operation::poll);
    if (auto reply = spoiled_outright(misbehaviour)) return *std::move(reply);
    Prediction* prediction = predictions_.find(id);
    if (prediction == nullptr) return refuse(no_such_prediction(id));
    ++prediction->polls;
    Phase phase = phase_at(*prediction, now.at);
    if (misbehaviour == Misbehaviour::poll_backwards) {
        phase = phase_before(phase);
        happened(misbehaviour);
    }
    if (phase == Phase::ended && !prediction->end_observed) prediction->end_observed = now.at;
    Prediction shown = *prediction;
    if (misbehaviour == Misbehaviour::echo_reordered) {
        shown.input = respelled(shown.input);
        happened(misbehaviour);
    }
    Reply reply;
    reply.body = poll_body(shown, phase, models_[shown.model].slug, base_url_);
    return reply;
}

Reply Provider::cancel(std::string_view id, Stamp now) {
    ++tally_.cancels;
    const Misbehaviour misbehaviour = next_misbehaviour(Operation::cancel);
    if (auto reply = spoiled_outright(misbehaviour)) return *std::move(reply);
    Prediction* prediction = predictions_.find(id);
    if (prediction == nullptr) return refuse(no_such_prediction(id));
    if (phase_at(*prediction, now.at) == Phase::ended) {
        return refuse({400, "Prediction cannot be cancelled", "it has already ended"});
    }
    Reply reply;
    reply.body = prediction_body("cancelled", "Prediction canceled successfully", id);
    if (misbehaviour == Misbehaviour::cancel_ignored) {
        happened(misbehaviour);
        return reply;
    }
    predictions_.cancel(*prediction, now.at);
    reply.record = record_of_cancellation(*prediction, now);
    return reply;
}

Reply Provider::list(const Request& request, Stamp now) {
    ++tally_.lists;
    const Misbehaviour misbehaviour = next_misbehaviour(Operation::list);
    if (auto reply = spoiled_outright(misbehaviour)) return *std::move(reply);
    const auto query = read_list_query(request, now.wall);
    if (const auto* problem = std::get_if<Problem>(&query)) return refuse(*problem);
    ListFlaws flaws;
    if (misbehaviour == Misbehaviour::list_stale) {
        const double part = dice_.uniform(Purpose::list_lag, tally_.lists) / options_.speed;
        flaws.lag = Duration{static_cast<Duration::rep>(static_cast<double>(kListLagMax.count()) * part)};
    } else if (misbehaviour == Misbehaviour::list_short) {
        flaws.gap = dice_.uniform(Purpose::list_gap, tally_.lists);
    }
    happened(misbehaviour);
    Reply reply;
    reply.body = list_body(predictions_, models_, std::get<ListQuery>(query), now, flaws);
    return reply;
}

} // namespace reeld::sandbox
