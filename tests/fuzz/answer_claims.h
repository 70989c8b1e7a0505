/// What holds for every answer of the provider, or of whoever answers in its place.
///
/// The input is a head of three lines (the status, and the values of the headers Retry-After and Date) and a
/// body. All readers of answers read it. The claims:
///  - A create's verdict is certain only where it may be: Accepted comes from a 200, 201 or 202 that names a
///    prediction, and every one of those is Accepted; a Refusal comes from a status that is certain to have
///    created nothing; all else is a Loss.
///  - A prediction's id can stand in a URL, a log line and a database, and is the body's own.
///  - A poll's verdict is news only from a 2xx; Rendered has at least one URL, each of them one that scripts
///    can open, each once; times and costs are finite and not negative.
///  - A list has only ids that can be asked about, and tells when it has a row without one.
///  - The input of a prediction that comes back is read, and as a canonical text: one that is its own
///  canonical
///    text, in UTF-8, and that white space does not change.
///  - A model's answer gives a schema or an error, never both; whatever the schema, a storyboard that is read
///    by it keeps the claims of storyboard_claims.h.
///  - Every message is one line, fit to be shown, and bounded; every wait is within [0, kRetryAfterMax].
///  - White space around a body changes no verdict; without a `Date`, a `Retry-After` in seconds still
///  counts.
#pragma once

#include <string>
#include <string_view>

namespace reeld::test {

/// The first claim that the answer breaks; empty: all hold.
[[nodiscard]] std::string broken_answer_claim(std::string_view input);

} // namespace reeld::test
