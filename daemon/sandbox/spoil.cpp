#include "daemon/sandbox/spoil.h"

namespace reeld::sandbox {

namespace {

constexpr const char* kProxyPage =
    "<html><head><title>Please log in</title></head><body><h1>Network login</h1></body></html>\n";

/// The first bytes of a compressed stream: not JSON, not text, not UTF-8.
constexpr const char* kGarbage = "\x1f\x8b\x08{\"predictionID\": \xff\xfe";

Reply page(std::string body, std::string content_type) {
    Reply reply;
    reply.body = std::move(body);
    reply.content_type = std::move(content_type);
    return reply;
}

Reply unanswered(Delivery delivery) {
    Reply reply;
    reply.delivery = delivery;
    return reply;
}

Reply internal_error(ErrorShape shape) {
    return refusal({500, "Internal server error", {}}, shape);
}

} // namespace

std::optional<Reply> reply_instead(Misbehaviour what, ErrorShape shape) {
    switch (what) {
    case Misbehaviour::create_500:
    case Misbehaviour::poll_500:
    case Misbehaviour::list_500:
    case Misbehaviour::cancel_500: return internal_error(shape);
    case Misbehaviour::create_dropped: return unanswered(Delivery::close);
    case Misbehaviour::poll_reset: return unanswered(Delivery::reset);
    case Misbehaviour::poll_stall:
    case Misbehaviour::list_stall: return unanswered(Delivery::stall);
    case Misbehaviour::poll_garbage: return page(kGarbage, "application/json");
    case Misbehaviour::create_html: return page(kProxyPage, "text/html");
    case Misbehaviour::create_busy:
        return refusal({429, "Rate limit exceeded", "too many started at once; try again shortly"}, shape);
    case Misbehaviour::balance:
        return refusal({402, "Insufficient balance", "in-flight cost estimates exceed the balance"}, shape);
    case Misbehaviour::auth: return refusal({401, "Unauthorized", "the API key is not valid"}, shape);
    case Misbehaviour::poll_404: return refusal({404, "Prediction not found", "no such prediction"}, shape);
    case Misbehaviour::list_403:
        return refusal({403, "Forbidden", "the API key may not list executions"}, shape);
    case Misbehaviour::list_404: return refusal({404, "Not found", "there is no such list"}, shape);
    default: return std::nullopt;
    }
}

void spoil(Reply& reply, Misbehaviour what, ErrorShape shape) {
    switch (what) {
    case Misbehaviour::create_500_created: {
        Reply error = internal_error(shape);
        error.record = std::move(reply.record);
        reply = std::move(error);
        break;
    }
    case Misbehaviour::create_lost: reply.delivery = Delivery::close; break;
    case Misbehaviour::create_reset: reply.delivery = Delivery::reset; break;
    case Misbehaviour::create_stall: reply.delivery = Delivery::stall; break;
    case Misbehaviour::create_truncated: reply.delivery = Delivery::half; break;
    case Misbehaviour::create_garbage: reply.body = kGarbage; break;
    default: break;
    }
}

} // namespace reeld::sandbox
