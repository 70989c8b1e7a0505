/// Posts the provider's webhooks, each when it is due.
///
/// What is posted and when is the Provider's; this one has the timer and the HTTP client. Threading: the
/// loop's. Borrows the loop and the provider, which must outlive it.
#pragma once

#include "daemon/loop/loop.h"
#include "daemon/net/http.h"
#include "daemon/sandbox/provider.h"

#include <functional>
#include <string>
#include <unordered_map>

namespace reeld::sandbox {

class WebhookSender {
public:
    /// Posts under way at once; what is due beyond them waits.
    static constexpr std::size_t kPostsMax = 64;

    /// How long a client may take to answer one, as the provider's documents have it.
    static constexpr Duration kAnswerTimeout = std::chrono::seconds{30};

    WebhookSender(Loop& loop, Provider& provider);

    /// To be called after the provider took a request: a webhook may be due earlier than all others.
    void look();

    /// Calls `then` when a webhook of this prediction has been answered, or was given up; at once when none
    /// is under way.
    void after(const std::string& prediction, std::function<void()> then);

private:
    void send_due();
    void send(WebhookPost post);
    void ended(const WebhookPost& post, const HttpAnswer& answer);

    Loop& loop_;
    Provider& provider_;
    Http http_;
    LoopTimer timer_;
    std::unordered_map<std::string, std::size_t> under_way_; ///< Posts, by prediction.
    std::unordered_multimap<std::string, std::function<void()>> waiting_;
};

} // namespace reeld::sandbox
