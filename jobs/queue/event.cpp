#include "jobs/queue/event.h"

#include <array>
#include <type_traits>

namespace reeld {

bool is_durable(const Fact& fact) {
    return !std::holds_alternative<event::PollPending>(fact) &&
           !std::holds_alternative<event::PollFailed>(fact) &&
           !std::holds_alternative<event::ListLooked>(fact) &&
           !std::holds_alternative<event::ListFailed>(fact) &&
           !std::holds_alternative<event::WebhookArrived>(fact);
}

std::string_view kind_name(const Fact& fact) {
    static constexpr std::array<std::string_view, std::variant_size_v<Fact>> kNames = {
        "started",
        "batch_accepted",
        "create_intended",
        "create_not_sent",
        "create_accepted",
        "create_refused",
        "create_lost",
        "create_adopted",
        "create_dismissed",
        "create_held",
        "list_looked",
        "list_failed",
        "poll_pending",
        "poll_failed",
        "prediction_succeeded",
        "prediction_failed",
        "prediction_cancelled",
        "prediction_overdue",
        "manifest_written",
        "cancel_asked",
        "paused",
        "resumed",
        "reprioritised",
        "retry_asked",
        "webhook_arrived",
        "hours_set",
        "create_sought",
        "create_called",
    };
    return kNames.at(fact.index());
}

const ShotRef* shot_of(const Fact& fact) {
    return std::visit(
        [](const auto& it) -> const ShotRef* {
            if constexpr (requires { it.shot; }) {
                return &it.shot;
            } else {
                return nullptr;
            }
        },
        fact);
}

} // namespace reeld
