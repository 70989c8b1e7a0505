/// The journal's format of events: a kind and a body of JSON text. Version 6.
///
/// Old journals stay readable for ever: a kind is never renamed, a field never changes its meaning, an
/// unknown field is ignored, an absent one has its default. The exceptions, without which an event means
/// nothing, are `attempt` (create_intended), `prediction` (create_accepted, create_adopted, create_called),
/// `kind` (create_refused), `by` (create_adopted, create_dismissed), `hours` (hours_set), `urls`
/// (prediction_succeeded), and `prediction` and `created_at_us` of each suspect (create_sought): a body
/// without them is damaged. tests/data/journal holds bodies of every version, under test.
///
/// Version 2 added the kinds that end a doubt (create_adopted, create_dismissed, create_held),
/// `provider_at_us` of create_intended and `http_status` of create_accepted. In a journal of version 1 a lost
/// create was held for good; read today, it is in doubt, and is settled.
///
/// Version 3 added what a person does: cancel_asked, paused and resumed. Version 4 added more of it
/// (reprioritised, with its `priority`, and retry_asked), `webhook` and `webhook_secret` of create_intended,
/// and "webhook" among those that settle a doubt. Version 5 added hours_set, with its `hours`. Version 6
/// added create_called, with its `prediction`, and create_sought, with its `suspects`: objects with
/// `prediction` and `created_at_us`.
///
/// Fields are named as the members of the facts, durations in microseconds (`retry_after_us`); a refusal's
/// or a failure's error is an object `error` with `code`, `message` and `details`.
#pragma once

#include "jobs/queue/event.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// The version that this program writes, and the newest that it reads. It counts changes of the tables, too.
inline constexpr int kEventFormat = 6;

/// Longer texts are cut here when they are encoded, so that no body can outgrow kBodyBytesMax. The
/// provider's answers, where long texts come from, are capped to about as much.
inline constexpr std::size_t kTextBytesMax = std::size_t{1} << 20;

/// Longer bodies are refused unread. An error of three texts that need six bytes for each of theirs fits.
inline constexpr std::size_t kBodyBytesMax = std::size_t{64} << 20;

/// The body of an event: a JSON object of everything but its stamp, its kind, its batch and its shot, which
/// have columns of their own. BatchAccepted has no fields (its facts are rows).
///
/// Whatever the fact holds, the body can be decoded: invalid UTF-8 becomes U+FFFD, a number that JSON
/// cannot hold (NaN, infinity) is left out, a time beyond kTimeMax is cut. Precondition: is_durable(fact).
[[nodiscard]] std::string encode_body(const Fact& fact);

/// The fact again, or why it cannot be read.
struct DecodedFact {
    std::optional<Fact> fact;
    std::string error; ///< Not empty when there is no fact.
};

/// `subject` says what the event is about: its shot, or, for kinds about a batch as a whole, only the batch.
/// Of BatchAccepted nothing is set but the key. Any bytes may be handed in.
[[nodiscard]] DecodedFact decode_fact(std::string_view kind, ShotRef subject, std::string_view body);

} // namespace reeld
