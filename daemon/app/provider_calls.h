/// Performs the queue's decisions at the provider, and turns its answers into facts.
#pragma once

#include "daemon/app/answer_facts.h"
#include "daemon/app/provider_http.h"
#include "daemon/app/webhooks.h"
#include "daemon/journal/journal.h"
#include "jobs/queue/action.h"
#include "jobs/queue/ledger.h"

#include <functional>
#include <string>

namespace reeld {

/// Creates, polls and cancels, each as one HTTP request.
///
/// Threading: the loop's. Borrows all its parts.
class ProviderCalls {
public:
    struct Reports {
        std::function<void(Fact)> record;
        std::function<void(const std::string&)> trouble;
    };

    ProviderCalls(ProviderHttp& provider, const Webhooks& webhooks, const Journal& journal,
                  const Ledger& ledger, Reports reports);
    ProviderCalls(const ProviderCalls&) = delete;
    ProviderCalls& operator=(const ProviderCalls&) = delete;

    /// A new X-Request-Id: 128 random bits.
    [[nodiscard]] static std::string new_request_id();

    /// Performs a Create, Poll or Cancel. For a Create, the intent must be durable by now.
    void perform(const Action& action);

private:
    void create(ShotRef ref);
    void poll(ShotRef ref, const std::string& prediction);
    void cancel(const std::string& prediction);

    ProviderHttp& provider_;
    const Webhooks& webhooks_;
    const Journal& journal_;
    const Ledger& ledger_;
    PollFacts poll_facts_;
    Reports reports_;
};

} // namespace reeld
