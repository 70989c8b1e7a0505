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
          answer(request, respond);
      }) {}

void WebhookListener::answer(const http::Request& request, const http::Respond& respond) {
    if (!limit_.admits(request.peer.address, loop_.now().at)) return respond(bare(kTooMany));
    const std::string_view token = token_of(request);
    const std::string prediction = token.empty() ? std::string{} : eachlabs::read_webhook(request.body);
    if (prediction.empty()) return respond(bare(kNotFound));
    arrived_({.token = token, .secret = request.header("X-Webhook-Secret"), .prediction = prediction},
             [respond](bool known) { respond(bare(known ? kOk : kNotFound)); });
}

/// Empty when the request is no webhook's.
std::string_view WebhookListener::token_of(const http::Request& request) const {
    std::string_view token = request.path;
    if (request.method != "POST" || !request.query.empty() || !token.starts_with(before_token_)) return {};
    token.remove_prefix(before_token_.size());
    return token.size() > kTokenBytesMax ? std::string_view{} : token;
}

} // namespace reeld
