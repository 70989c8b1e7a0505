/// `reeld serve` from start to end, with what SIGHUP asks for between: the configuration and the key, read
/// anew.
///
/// A reload is a stop and a start within the process. Nothing new is sent, the answers to creates under way
/// are waited for, the journal is closed and replayed under the new configuration: the way that every
/// restart goes, so that any setting can change and nothing can be lost on a way of its own. What renders
/// goes on at the provider. A configuration that cannot be read, or under which the daemon does not start
/// (the address of `webhook.listen` is in use, say), leaves the old one in force and is told of in the log.
///
/// Threading: that of the caller; each start has a loop of its own.
#pragma once

#include "daemon/cli/session.h"
#include "daemon/log.h"

#include <functional>

namespace reeld {

/// Reads everything anew. Throws PlanError and others, whose what() is for the operator.
using Replan = std::function<SessionPlan()>;

/// Returns the exit code. Throws what Serve throws at the first start.
[[nodiscard]] int serve_with_reloads(SessionPlan plan, const Replan& replan, Log::Options log);

} // namespace reeld
