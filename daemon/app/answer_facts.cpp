#include "daemon/app/answer_facts.h"

#include <fmt/format.h>

#include <utility>

namespace reeld {

namespace {

/// What the answer to a create amounts to, as the fact to record.
struct CreateFact {
    ShotRef shot;
    int http_status = 0;
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
    bool denied_for_good = false; ///< By this answer and those before it.
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
        if (denied_for_good) return unknown(std::move(it));
        return event::PollFailed{.shot = shot,
                                 .http_status = it.http_status,
                                 .cause = std::move(it.cause),
                                 .retry_after = it.retry_after,
                                 .key_rejected =
                                     it.http_status == 401 || (it.key_rejected && it.provider_speaks)};
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

bool is_end(const eachlabs::PollVerdict& verdict) {
    return !std::holds_alternative<eachlabs::Pending>(verdict) &&
           !std::holds_alternative<eachlabs::NoNews>(verdict);
}

bool has_no_url(const eachlabs::PollVerdict& verdict) {
    const auto* failure = std::get_if<Failure>(&verdict);
    return failure != nullptr && failure->error.code == eachlabs::kNoOutputUrl;
}

/// A video is believed unless it names others only; an end without one only when it names the prediction.
bool is_plainly_ours(const eachlabs::PollVerdict& end, const eachlabs::Answer& answer,
                     const std::string& prediction) {
    if (std::holds_alternative<Rendered>(end)) return !eachlabs::tells_of_another(answer, prediction);
    return eachlabs::tells_of(answer, prediction);
}

/// A journal that cannot be read is no reason to lose an answer: what cannot be written is told of then.
bool is_known(const Journal& journal, const eachlabs::Accepted& it) {
    try {
        return journal.knows_prediction(it.prediction);
    } catch (const JournalError&) {
        return false;
    }
}

Loss anothers(const eachlabs::Accepted& it, int http_status) {
    return {.http_status = http_status,
            .cause = fmt::format("the answer names prediction {}, which is another create's", it.prediction),
            .named = it.prediction};
}

} // namespace

eachlabs::Answer as_answer(const HttpAnswer& answer) {
    return {.status = answer.status,
            .body = answer.body,
            .retry_after = answer.retry_after,
            .date = answer.date,
            .content_type = answer.content_type};
}

Fact create_fact(ShotRef shot, const HttpAnswer& answer, const Journal& journal) {
    switch (answer.outcome) {
    case HttpAnswer::Outcome::not_sent: return event::CreateNotSent{.shot = shot, .cause = answer.cause};
    case HttpAnswer::Outcome::lost: break;
    case HttpAnswer::Outcome::answered:
        auto verdict = eachlabs::read_create(as_answer(answer));
        if (const auto* it = std::get_if<eachlabs::Accepted>(&verdict); it && is_known(journal, *it))
            verdict = anothers(*it, answer.status);
        return std::visit(CreateFact{shot, answer.status}, std::move(verdict));
    }
    return event::CreateLost{.shot = shot, .loss = {.http_status = answer.status, .cause = answer.cause}};
}

Fact PollFacts::read(ShotRef shot, const HttpAnswer& answer) {
    const auto& active = ledger_.active().at(shot);
    const std::string& prediction = active.prediction;
    const auto no_answer = [&](const std::string& cause) {
        denials_.erase(prediction);
        return event::PollFailed{
            .shot = shot, .http_status = answer.status, .cause = cause, .retry_after = {}};
    };
    if (answer.outcome != HttpAnswer::Outcome::answered) {
        ends_.erase(prediction);
        return no_answer(answer.cause);
    }
    auto verdict = eachlabs::read_poll(as_answer(answer));
    const bool is_ours = is_end(verdict) && is_plainly_ours(verdict, as_answer(answer), prediction);
    if (!is_end(verdict) || (is_ours && !has_no_url(verdict))) {
        ends_.erase(prediction);
    } else if (++ends_[prediction] < kEndsMin) {
        return no_answer(is_ours ? "a success without a URL, which is believed when it is told again"
                                 : "an end that does not name the prediction, which is believed when it "
                                   "is told again");
    } else {
        ends_.erase(prediction);
        if (auto* failure = std::get_if<Failure>(&verdict)) failure->would_fail_again = true;
    }
    const auto* none = std::get_if<eachlabs::NoNews>(&verdict);
    const bool denied = none != nullptr && none->unknown_prediction && active.overdue;
    const bool for_good = denied && ++denials_[prediction] >= kDenialsMin;
    if (for_good || !denied) denials_.erase(prediction);
    return std::visit(PollFact{shot, ledger_, for_good}, std::move(verdict));
}

} // namespace reeld
