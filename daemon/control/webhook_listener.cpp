#include "daemon/control/webhook_listener.h"

#include "jobs/eachlabs/webhook_body.h"

namespace reeld {

namespace {

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr int kTooMany = 429;

http::Reply bare(int status) {
    http::Reply reply;
    reply.status = status;
    reply.content_type.clear();
    return reply;
}

http::Server::Options door(const WebhookListener::Options& options) {
    http::Server::Options door;
    door.listen.address = options.listen.address;
    door.listen.port = options.listen.port;
    door.listen.remedy = "choose another webhook.listen";
    door.connections_max = WebhookListener::kConnectionsMax;
    // All of them come from one address when a web server stands before.
    door.connections_per_address_max = WebhookListener::kConnectionsMax;
    door.header_bytes_max = WebhookListener::kHeaderBytesMax;
    door.body_bytes_max = WebhookListener::kBodyBytesMax;
    door.request_timeout = options.request_timeout;
    door.reply_timeout = options.request_timeout;
    door.refusal = [](const http::Refusal& refusal) {
        return bare(refusal.status);
    };
    return door;
}

} // namespace

WebhookListener::WebhookListener(Loop& loop, const Options& options, Arrived arrived)
    : loop_(loop), before_token_(options.path + '/'), arrived_(std::move(arrived)),
      limit_(options.per_address),
      server_(loop, door(options), [this](const http::Request& request, const http::Respond& respond) {
          respond(answer(request));
      }) {}

http::Reply WebhookListener::answer(const http::Request& request) {
    if (!limit_.admits(request.peer.address, loop_.now().at)) return bare(kTooMany);
    return bare(is_known(request) ? kOk : kNotFound);
}

bool WebhookListener::is_known(const http::Request& request) const {
    std::string_view token = request.path;
    if (request.method != "POST" || !request.query.empty() || !token.starts_with(before_token_)) return false;
    token.remove_prefix(before_token_.size());
    if (token.empty() || token.size() > kTokenBytesMax) return false;
    const std::string prediction = eachlabs::read_webhook(request.body);
    return !prediction.empty() &&
           arrived_({.token = token, .secret = request.header("X-Webhook-Secret"), .prediction = prediction});
}

} // namespace reeld
