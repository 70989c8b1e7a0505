/// The webhooks that the provider owes its client: which one is due when.
///
/// Planned when a prediction is created, since its end is drawn by then. A webhook that is not answered with
/// 2xx is tried three times in all, ten seconds apart. Pure: it posts nothing, and knows no clock.
#pragma once

#include "daemon/sandbox/misbehaviour.h"
#include "jobs/queue/time.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::sandbox {

/// What a create says of its webhook.
struct WebhookWish {
    std::string url;    ///< Empty: none is wanted.
    std::string secret; ///< Comes back in X-Webhook-Secret; empty: no such header.
};

/// Whether the sandbox would post there: plain http to a numeric address of this machine, or to localhost. It
/// sends nothing to anybody else, whatever a client asks for.
[[nodiscard]] bool is_loopback_url(std::string_view url);

/// What a webhook claims, and how honestly.
enum class WebhookKind : std::uint8_t {
    end,          ///< The true one.
    processing,   ///< True once, and out of date.
    wrong_secret, ///< Claims the end with another secret.
    wrong_path,   ///< Claims the end on a path that nobody was given.
};

[[nodiscard]] inline bool is_forged(WebhookKind kind) {
    return kind == WebhookKind::wrong_secret || kind == WebhookKind::wrong_path;
}

/// One attempt at one webhook.
struct WebhookAttempt {
    std::string prediction;
    WebhookKind kind = WebhookKind::end;
    int number = 1; ///< Counted from 1.
};

/// An attempt with all that is to be posted.
struct WebhookPost {
    WebhookAttempt attempt;
    std::string url;
    std::string secret;
    std::string body;
};

class Webhooks {
public:
    static constexpr int kAttempts = 3;

    /// `speed` divides the waits.
    explicit Webhooks(double speed) : speed_(speed) {}

    struct Plan {
        std::string prediction;
        Instant created;
        Instant ends;
        Misbehaviour misbehaviour = Misbehaviour::none; ///< Of the webhook; others are taken for none.
        double lateness = 0;                            ///< In [0, 1): the part of the longest delay.
    };
    void plan(const Plan& plan);

    /// Takes the attempt that is due first, if one is due.
    [[nodiscard]] std::optional<WebhookAttempt> take_due(Instant now);
    [[nodiscard]] Instant next_due() const;

    /// An attempt was not answered with 2xx. Only true ones are tried again.
    void failed(const WebhookAttempt& attempt, Instant now);

private:
    [[nodiscard]] Duration scaled(Duration duration) const;

    double speed_;
    std::multimap<Instant, WebhookAttempt> due_;
};

} // namespace reeld::sandbox
