/// The configuration, in the words of those who obey it.
#pragma once

#include "daemon/app/provider_http.h"
#include "daemon/config/config.h"
#include "jobs/queue/queue.h"

#include <map>
#include <string>

namespace reeld {

[[nodiscard]] Ledger::Rules ledger_rules(const Config& config,
                                         const std::map<std::string, Duration>& typical);

[[nodiscard]] Scheduler::Options scheduler_options(const Config& config, bool only_allowed,
                                                   std::uint64_t dice);

[[nodiscard]] ProviderHttp::Options call_options(const Config& config, const std::string& key);

} // namespace reeld
