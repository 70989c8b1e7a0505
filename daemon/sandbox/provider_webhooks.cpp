/// The part of the provider that tells its client of ends, as far as it misbehaves no other way.
#include "daemon/sandbox/provider.h"

#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

/// The same text with another last letter: as long, and wrong.
std::string mistaken(std::string text) {
    if (text.empty()) return "x";
    text.back() = text.back() == 'x' ? 'y' : 'x';
    return text;
}

} // namespace

std::optional<WebhookPost> Provider::next_webhook(Instant now) {
    while (auto attempt = webhooks_.take_due(now)) {
        const Prediction* prediction = predictions_.find(attempt->prediction);
        if (prediction == nullptr || prediction->ending == Ending::cancelled) continue;
        WebhookPost post{.attempt = *std::move(attempt),
                         .url = prediction->webhook.url,
                         .secret = prediction->webhook.secret,
                         .body = webhook_body(*prediction, base_url_)};
        switch (post.attempt.kind) {
        case WebhookKind::end: break;
        case WebhookKind::processing:
            post.body = fmt::format(R"({{"exec_id":"{}","status":"processing"}})", post.attempt.prediction);
            break;
        case WebhookKind::wrong_secret: post.secret = mistaken(std::move(post.secret)); break;
        case WebhookKind::wrong_path: post.url = mistaken(std::move(post.url)); break;
        }
        ++tally_.webhooks;
        return post;
    }
    return std::nullopt;
}

void Provider::webhook_ended(const WebhookPost& post, bool accepted, Instant now) {
    if (!accepted) return webhooks_.failed(post.attempt, now);
    ++(is_forged(post.attempt.kind) ? tally_.forgeries_accepted : tally_.webhooks_accepted);
}

} // namespace reeld::sandbox
