/// Why a prediction failed, and whether another attempt could end otherwise.
#pragma once

#include "jobs/queue/outcome.h"

#include <rapidjson/document.h>

namespace reeld::eachlabs {

/// What the body of a failed prediction says, from wherever the provider put it: `output.error_code`,
/// `output.error_message`, `output.classification`, `output.retryable`, `message`, `details`, `error`,
/// `logs`, or an output array whose first element has an `error`. The message is never empty. Times and
/// costs are not read here.
///
/// `would_fail_again` by the first of these that speaks:
///  1. category VALIDATION, or a code that blames the input: yes, whatever else is said;
///  2. `retryable`: as it says;
///  3. any other known category or code: no;
///  4. words of moderation in code or message: yes.
[[nodiscard]] Failure read_failure(const rapidjson::Value& body);

} // namespace reeld::eachlabs
