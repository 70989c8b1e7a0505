#include "daemon/cli/reload.h"

#include "daemon/cli/serve_command.h"

#include <exception>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <utility>

namespace reeld {

int serve_with_reloads(SessionPlan plan, const Replan& replan, Log::Options log) {
    std::optional<SessionPlan> fallback; // While it is not known whether a new plan can be served.
    std::string complaint;
    for (;;) {
        std::unique_ptr<Serve> serve;
        try {
            serve = std::make_unique<Serve>(plan, log, replan);
            serve->start(std::exchange(complaint, ""));
        } catch (const std::exception& error) {
            if (!fallback) throw;
            complaint = error.what();
            plan = *std::exchange(fallback, std::nullopt);
            continue;
        }
        fallback.reset();
        const int code = serve->run();
        auto next = serve->take_next_plan();
        if (!next) return code;
        fallback = std::exchange(plan, std::move(*next));
    }
}

} // namespace reeld
