/// The stand-in for the provider: requests in, replies out; instants and dice are arguments.
///
/// An implementation of the provider's public documents, on purpose not of what our client believes about
/// them. It renders nothing: a prediction is a row with an end drawn in advance.
///
/// What it is not: a server. It knows no socket, file or clock; `daemon/sandbox/sandbox.h` puts it on a
/// port, and sends the webhooks that it names.
///
/// Threading: one thread at a time. Errors: a request cannot fail it; whatever comes in gets a reply.
#pragma once

#include "daemon/sandbox/create_request.h"
#include "daemon/sandbox/predictions.h"
#include "daemon/sandbox/provider_options.h"
#include "daemon/sandbox/rate_window.h"
#include "daemon/sandbox/reply.h"
#include "daemon/sandbox/report.h"
#include "daemon/sandbox/webhooks.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::sandbox {

class Provider {
public:
    /// Requires complaint_about(options) to be empty. `base_url` is that of the API,
    /// "http://127.0.0.1:8080/v1".
    Provider(ProviderOptions options, std::string base_url);

    /// Answers a request that arrived at `now`. Instants may repeat but not go back.
    [[nodiscard]] Reply answer(const Request& request, Stamp now);

    /// Takes a line of a state file, oldest first, before the first request. Returns what is wrong with it,
    /// for a person, or an empty string. Predictions go on where they were: they count in the window and
    /// against the slots, may have ended meanwhile, and the draws of those to come go on after them.
    [[nodiscard]] std::string restore(std::string_view line, Stamp now);

    /// The next webhook that is due at `now`, to be posted and reported to webhook_ended(); nothing when none
    /// is. Cancelled predictions have none.
    [[nodiscard]] std::optional<WebhookPost> next_webhook(Instant now);

    /// When next_webhook() will have one; Instant::max() for never.
    [[nodiscard]] Instant webhook_due() const { return webhooks_.next_due(); }

    /// What came of a post: `accepted` when it was answered with 2xx.
    void webhook_ended(const WebhookPost& post, bool accepted, Instant now);

    [[nodiscard]] Report report() const;

private:
    [[nodiscard]] Reply respond(const Request& request, Stamp now);
    [[nodiscard]] Reply create(const Request& request, Stamp now);
    [[nodiscard]] Reply poll(std::string_view id, Stamp now);
    [[nodiscard]] Reply cancel(std::string_view id, Stamp now);
    [[nodiscard]] Reply list(const Request& request, Stamp now);
    [[nodiscard]] Reply model(const Request& request) const;
    [[nodiscard]] Reply models(const Request& request) const;
    [[nodiscard]] Reply media(const Request& request, std::string_view id, Instant now);

    [[nodiscard]] std::optional<Problem> problem_with_key(const Request& request) const;
    [[nodiscard]] std::optional<Reply> over_limits(Stamp now);
    [[nodiscard]] Prediction draw_prediction(CreateRequest wish, Stamp now) const;
    [[nodiscard]] Misbehaviour next_misbehaviour(Operation operation);
    void happened(Misbehaviour what);
    [[nodiscard]] std::optional<Reply> spoiled_outright(Misbehaviour what);
    [[nodiscard]] Reply refuse(const Problem& problem) const;
    [[nodiscard]] Reply refuse_create(const std::string& reason, const Problem& problem);
    const Prediction& accept(CreateRequest wish, Stamp now);
    [[nodiscard]] Reply put_off(CreateRequest wish, Stamp now);
    [[nodiscard]] std::string catch_up(Stamp now);
    [[nodiscard]] std::string imitate(const Prediction& created, Stamp now);
    const Prediction& add_foreign(CreateRequest wish, Stamp now);
    [[nodiscard]] std::string record_of(const Prediction& created) const;
    void judge_schedule(Report& report) const;

    ProviderOptions options_;
    std::string base_url_;
    std::vector<Model> models_;
    Dice dice_;
    Predictions predictions_;
    Webhooks webhooks_;
    RateWindow window_;
    std::array<std::uint64_t, 4> requests_{}; ///< Per operation: the numbers that misbehaviours are drawn by.
    Report tally_;                            ///< The counting part of the report.
    std::optional<Instant> first_create_;
    std::multimap<Instant, CreateRequest> late_; ///< Creates that were put off, by when they happen.
    std::size_t foreign_ = 0;                    ///< Another program's predictions so far.
};

} // namespace reeld::sandbox
