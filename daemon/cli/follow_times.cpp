#include "daemon/cli/follow_times.h"

#include "daemon/cli/plan.h"
#include "daemon/config/quantity.h"

#include <fmt/format.h>

namespace reeld {

namespace {

Duration read_time(const char* option, const std::string& text) {
    if (const auto time = parse_duration(text)) return *time;
    throw PlanError(fmt::format("reeld: error: {} {}: write a duration such as 90s, 30m or 8h; nothing was "
                                "sent",
                                option, text));
}

} // namespace

void add_follow_times(CLI::App& command, FollowTimes& times) {
    command.add_option("--timeout", times.timeout, "Wait no longer than this: 90s, 30m, 8h")
        ->type_name("TIME");
    command
        .add_option("--patience", times.patience,
                    "How long a daemon that does not answer, or asks to come again, is waited for")
        ->capture_default_str()
        ->type_name("TIME");
}

Follow::Options read_follow_times(const FollowTimes& times, bool quiet) {
    Follow::Options options{.quiet = quiet, .timeout = {}, .patience = {}};
    if (!times.timeout.empty()) options.timeout = read_time("--timeout", times.timeout);
    options.patience = read_time("--patience", times.patience);
    return options;
}

} // namespace reeld
