/// What holds for every kind and body that a journal may hold, damaged ones included.
///
/// The input is a line with the kind, and the body. The claims:
///  - There is a fact, or one line that says why not, and never both.
///  - The fact is of the kind that was asked for, is one that belongs in a journal, and is about the shot
///  that
///    it was read for.
///  - Encoded again it gives a body that decodes to the same fact, and that is encoded to itself: what is
///    written is in one form.
#pragma once

#include <string>
#include <string_view>

namespace reeld::test {

/// The first claim that the kind and body break; empty: all hold.
[[nodiscard]] std::string broken_event_claim(std::string_view input);

} // namespace reeld::test
