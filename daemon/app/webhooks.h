/// Webhooks, outgoing and incoming: what a create says of its own, and what is done when one arrives.
///
/// Performs what WebhookArrivals finds: records its facts, asks the provider its questions. Threading: the
/// loop's. Borrows its parts.
#pragma once

#include "daemon/app/provider_http.h"
#include "daemon/app/webhook_arrivals.h"

#include <functional>
#include <string>

namespace reeld {

class Webhooks {
public:
    struct Reports {
        std::function<void(Fact)> record;
        std::function<void()> wake; ///< Something is to be recorded or asked: end a turn.
        std::function<void(const std::string& why)> journal_failed; ///< It could not be read.
    };

    /// `public_url`: where the provider reaches the listener; empty: creates carry no webhook, and those of
    /// earlier creates are heard all the same.
    Webhooks(Loop& loop, ProviderHttp& provider, const Journal& journal, const Ledger& ledger,
             std::string public_url, Reports reports);
    Webhooks(const Webhooks&) = delete;
    Webhooks& operator=(const Webhooks&) = delete;

    /// A token for a new create's path, or a secret for it: 128 random bits in hexadecimal; empty when
    /// creates carry no webhook. Throws std::runtime_error when the kernel gives no random numbers.
    [[nodiscard]] std::string new_secret() const;

    /// What a create says, given its token and its secret.
    [[nodiscard]] eachlabs::WebhookWish wish(const std::string& token, const std::string& secret) const;

    /// See WebhookArrivals.
    void note(const Event& event) { arrivals_.note(event); }
    [[nodiscard]] bool arrived(const WebhookCall& call);
    [[nodiscard]] Instant wake_at() const { return arrivals_.wake_at(); }

    /// At the end of a turn, before what was decided is committed.
    void record_due();
    /// At the end of a turn, after that.
    void ask_due();

private:
    void answered(const WebhookArrivals::Question& question, const HttpAnswer& answer);

    Loop& loop_;
    ProviderHttp& provider_;
    std::string public_url_;
    Reports reports_;
    WebhookArrivals arrivals_;
};

} // namespace reeld
