/// The journal's format of events: a kind and a body of JSON text. Version 1.
///
/// Old journals stay readable for ever: a kind is never renamed, a field never changes its meaning, an unknown field is
/// ignored, an absent one has its default. tests/data/journal holds bodies of every version, under test.
#pragma once

#include "jobs/queue/event.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// The version that this program writes, and the newest that it reads.
inline constexpr int kEventFormat = 1;

/// The body of an event: everything but its stamp, its kind and its shot, which have columns of their own. BatchAccepted has
/// an empty body (its facts are rows).
[[nodiscard]] std::string encode_body(const Fact& fact);

/// The fact again, or why it cannot be read. `shot` is ignored by kinds that have none.
struct DecodedFact {
    std::optional<Fact> fact;
    std::string error;
};
[[nodiscard]] DecodedFact decode_fact(std::string_view kind, ShotRef shot, std::string_view body);

} // namespace reeld
