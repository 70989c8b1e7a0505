/// What a misbehaviour makes of a reply.
#pragma once

#include "daemon/sandbox/misbehaviour.h"
#include "daemon/sandbox/reply.h"

#include <optional>

namespace reeld::sandbox {

/// The reply of a misbehaviour that keeps the request from having any effect; empty for all others.
[[nodiscard]] std::optional<Reply> reply_instead(Misbehaviour what, ErrorShape shape);

/// Spoils the reply to a create that did have its effect; leaves it alone when `what` is not about that.
/// The record for the state file stays.
void spoil(Reply& reply, Misbehaviour what, ErrorShape shape);

} // namespace reeld::sandbox
