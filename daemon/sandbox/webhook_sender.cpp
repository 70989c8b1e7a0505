#include "daemon/sandbox/webhook_sender.h"

#include <utility>

namespace reeld::sandbox {

WebhookSender::WebhookSender(Loop& loop, Provider& provider)
    : loop_(loop), provider_(provider), http_(loop, {.user_agent = "reeld-sandbox"}),
      timer_(loop, [this] { send_due(); }) {}

void WebhookSender::look() {
    send_due();
}

void WebhookSender::send_due() {
    while (http_.active() < kPostsMax) {
        auto post = provider_.next_webhook(loop_.now().at);
        if (!post) break;
        send(*std::move(post));
    }
    // With all places taken, the next answer looks again.
    timer_.arm_at(http_.active() < kPostsMax ? provider_.webhook_due() : Instant::max());
}

void WebhookSender::send(WebhookPost post) {
    HttpRequest request{.kind = HttpRequest::Kind::repeatable,
                        .method = "POST",
                        .url = post.url,
                        .headers = {"Content-Type: application/json"},
                        .body = post.body,
                        .total_timeout = kAnswerTimeout};
    if (!post.secret.empty()) request.headers.push_back("X-Webhook-Secret: " + post.secret);
    ++under_way_[post.attempt.prediction];
    http_.start(std::move(request),
                [this, post = std::move(post)](HttpAnswer&& answer) { ended(post, answer); });
}

void WebhookSender::ended(const WebhookPost& post, const HttpAnswer& answer) {
    const bool accepted =
        answer.outcome == HttpAnswer::Outcome::answered && answer.status >= 200 && answer.status < 300;
    provider_.webhook_ended(post, accepted, loop_.now().at);
    const std::string& prediction = post.attempt.prediction;
    if (--under_way_[prediction] == 0) under_way_.erase(prediction);
    for (auto it = waiting_.find(prediction); it != waiting_.end(); it = waiting_.find(prediction))
        waiting_.extract(it).mapped()();
    send_due();
}

void WebhookSender::after(const std::string& prediction, std::function<void()> then) {
    if (!under_way_.contains(prediction)) return then();
    waiting_.emplace(prediction, std::move(then));
}

} // namespace reeld::sandbox
