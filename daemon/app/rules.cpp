#include "daemon/app/rules.h"

namespace reeld {

Ledger::Rules ledger_rules(const Config& config, const std::map<std::string, Duration>& typical) {
    return {.creates = {.capacity = config.limits.creates, .window = config.limits.per},
            .slots = config.limits.concurrent,
            .attempts = config.retries.attempts,
            .backoff = {.base = config.retries.backoff, .max = config.retries.backoff_max},
            .give_up = config.polling.give_up,
            .settle = config.settle,
            .typical = typical};
}

Scheduler::Options scheduler_options(const Config& config, bool only_allowed, std::uint64_t dice) {
    return {.polling = {.first = config.polling.first,
                        .min = config.polling.min,
                        .max = config.polling.max,
                        .give_up = config.polling.give_up},
            .settling = {.settle = config.settle,
                         .retry_unresolved = config.on_unresolved == Config::OnUnresolved::retry},
            .dice = dice,
            .only_allowed = only_allowed};
}

ProviderHttp::Options call_options(const Config& config, const std::string& key) {
    return {.base_url = config.api.base_url,
            .key_header = eachlabs::key_header(config.api.auth, key),
            .connect_timeout = config.api.connect_timeout,
            .create_timeout = config.api.create_timeout,
            .poll_timeout = config.api.poll_timeout,
            .answer_bytes_max = static_cast<std::size_t>(config.api.answer_bytes_max)};
}

} // namespace reeld
