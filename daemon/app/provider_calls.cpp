#include "daemon/app/provider_calls.h"

#include "jobs/eachlabs/answers.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <sys/random.h>

namespace reeld {

namespace {

/// What the answer to a create amounts to, as the fact to record.
struct CreateFact {
    ShotRef shot;
    int http_status;
    Fact operator()(eachlabs::Accepted&& it) const {
        return event::CreateAccepted{
            .shot = shot, .prediction = std::move(it.prediction), .http_status = http_status};
    }
    Fact operator()(Refusal&& it) const {
        return event::CreateRefused{.shot = shot, .refusal = std::move(it)};
    }
    Fact operator()(Loss&& it) const { return event::CreateLost{.shot = shot, .loss = std::move(it)}; }
};

/// Likewise for a poll.
struct PollFact {
    ShotRef shot;
    const Ledger& ledger;
    Fact operator()(eachlabs::Pending&& it) const {
        return event::PollPending{.shot = shot, .status = std::move(it.status)};
    }
    Fact operator()(Rendered&& it) const {
        return event::PredictionSucceeded{.shot = shot, .rendered = std::move(it)};
    }
    Fact operator()(Failure&& it) const {
        const auto retry_after = ledger.retry_after(shot, it);
        return event::PredictionFailed{.shot = shot, .failure = std::move(it), .retry_after = retry_after};
    }
    Fact operator()(eachlabs::Cancelled&&) const { return event::PredictionCancelled{.shot = shot}; }
    Fact operator()(eachlabs::NoNews&& it) const {
        if (it.unknown_prediction && ledger.active().at(shot).overdue) return unknown(std::move(it));
        return event::PollFailed{.shot = shot,
                                 .http_status = it.http_status,
                                 .cause = std::move(it.cause),
                                 .retry_after = it.retry_after};
    }
    /// A prediction that the provider denies after its time was up will not be heard of again.
    Fact unknown(eachlabs::NoNews&& it) const {
        Failure failure{.error = {.code = "prediction_unknown",
                                  .message = "the provider does not know the prediction (any more)",
                                  .details = std::move(it.cause)},
                        .would_fail_again = true};
        return event::PredictionFailed{
            .shot = shot, .failure = std::move(failure), .retry_after = std::nullopt};
    }
};

} // namespace

ProviderCalls::ProviderCalls(ProviderHttp& provider, const Journal& journal, const Ledger& ledger,
                             Reports reports)
    : provider_(provider), journal_(journal), ledger_(ledger), reports_(std::move(reports)) {}

std::string ProviderCalls::new_request_id() {
    std::array<std::uint64_t, 2> bits{};
    if (::getrandom(bits.data(), sizeof bits, 0) != static_cast<ssize_t>(sizeof bits)) {
        throw std::runtime_error("the kernel gives no random numbers");
    }
    return fmt::format("reeld-{:016x}{:016x}", bits[0], bits[1]);
}

void ProviderCalls::perform(const Action& action) {
    if (const auto* create_it = std::get_if<action::Create>(&action)) {
        create(create_it->shot);
    } else if (const auto* poll_it = std::get_if<action::Poll>(&action)) {
        poll(poll_it->shot, poll_it->prediction);
    } else if (const auto* cancel_it = std::get_if<action::Cancel>(&action)) {
        cancel(cancel_it->prediction);
    }
}

void ProviderCalls::create(ShotRef ref) {
    const auto row = journal_.shot(ref);
    const auto& request_id = ledger_.active().at(ref).request_id;
    provider_.create(eachlabs::create_call(row.shot.model, row.shot.input, request_id),
                     [this, ref](HttpAnswer&& answer) { on_create_answer(ref, answer); });
}

void ProviderCalls::on_create_answer(ShotRef ref, const HttpAnswer& answer) {
    switch (answer.outcome) {
    case HttpAnswer::Outcome::not_sent:
        return reports_.record(event::CreateNotSent{.shot = ref, .cause = answer.cause});
    case HttpAnswer::Outcome::lost:
        return reports_.record(
            event::CreateLost{.shot = ref, .loss = {.http_status = answer.status, .cause = answer.cause}});
    case HttpAnswer::Outcome::answered:
        return reports_.record(
            std::visit(CreateFact{ref, answer.status}, eachlabs::read_create(as_answer(answer))));
    }
}

void ProviderCalls::poll(ShotRef ref, const std::string& prediction) {
    provider_.ask(eachlabs::poll_call(prediction),
                  [this, ref](HttpAnswer&& answer) { on_poll_answer(ref, answer); });
}

void ProviderCalls::on_poll_answer(ShotRef ref, const HttpAnswer& answer) {
    if (answer.outcome != HttpAnswer::Outcome::answered) {
        return reports_.record(event::PollFailed{
            .shot = ref, .http_status = answer.status, .cause = answer.cause, .retry_after = std::nullopt});
    }
    reports_.record(std::visit(PollFact{ref, ledger_}, eachlabs::read_poll(as_answer(answer))));
}

void ProviderCalls::cancel(const std::string& prediction) {
    // A cancel that is lost changes nothing but a bill that may be higher: polling decides what became of it.
    provider_.order(eachlabs::cancel_call(prediction), [this, prediction](HttpAnswer&& answer) {
        if (answer.outcome == HttpAnswer::Outcome::answered && answer.status < 300) return;
        const auto why = answer.cause.empty() ? fmt::format("HTTP {}", answer.status) : answer.cause;
        reports_.trouble(fmt::format("the cancel of prediction {} brought: {}", prediction, why));
    });
}

} // namespace reeld
