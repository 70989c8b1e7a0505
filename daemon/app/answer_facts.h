/// The provider's answers as the facts to record.
///
/// Between the transfer and the queue: what did not come as a whole answer is no answer, and what did is read
/// by `jobs/eachlabs`. Pure functions.
#pragma once

#include "daemon/net/http.h"
#include "jobs/eachlabs/answers.h"
#include "jobs/queue/ledger.h"

namespace reeld {

/// What a verdict is made from. Its views live as long as `answer`.
[[nodiscard]] eachlabs::Answer as_answer(const HttpAnswer& answer);

/// What the answer to the shot's create amounts to: CreateAccepted, CreateRefused, CreateLost or
/// CreateNotSent.
[[nodiscard]] Fact create_fact(ShotRef shot, const HttpAnswer& answer);

/// Likewise for a poll. `ledger` knows the shot as rendering; its rules say what a failure leads to.
[[nodiscard]] Fact poll_fact(ShotRef shot, const HttpAnswer& answer, const Ledger& ledger);

} // namespace reeld
