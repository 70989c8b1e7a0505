/// What the provider has taught about the account: why and until when no create is sent, and how many at
/// once.
#pragma once

#include "jobs/queue/backoff.h"
#include "jobs/queue/outcome.h"
#include "jobs/queue/time.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// Why no create is sent just now.
enum class SuspensionReason : std::uint8_t {
    key_rejected,     ///< 401, 403. Asked again now and then, since the key may be mended at the provider.
    no_balance,       ///< 402. Until a prediction ends, the program starts, or asked again.
    too_many_running, ///< 429 that names a cap in flight. Until a prediction ends, or asked again.
    too_fast,         ///< Any other 429. `Retry-After`, or a backoff.
    unreachable,      ///< Creates do not even leave this machine. A backoff.
    answers_lost,     ///< Creates leave, and several in a row got no usable answer. A backoff.
};
inline constexpr std::size_t kSuspensionReasons = 6;

/// "the key was rejected", for messages.
[[nodiscard]] std::string_view to_words(SuspensionReason reason);

struct Suspension {
    SuspensionReason reason{};
    Instant since{};
    Instant until{};      ///< When creates are tried again by themselves.
    Instant not_before{}; ///< The provider's `Retry-After`: no prediction's end lifts it earlier.
    std::string message;  ///< The provider's own words, or the network's.
};

/// Suspensions are instants and reasons, never sleeps. They lower what is done for a while and never touch
/// the configured limits. After a refusal, creates are tried one at a time until one is accepted.
class Account {
public:
    /// `slots`: the configured limit of predictions at once.
    Account(int slots, Backoff backoff) : slots_(slots), backoff_(backoff) {}

    void started(Instant at);
    /// Time passed that no clock of ours measured (a reboot): what would have lasted beyond `trusted` lasts
    /// as long beyond `now`.
    void distrust(Instant trusted, Instant now);
    /// `in_flight`: predictions and creates that hold a slot, this one not counted when it was
    /// refused. `sent_at`: when the create was intended. Creates that were under way together when the first
    /// of them was refused are one round: it lengthens the backoff once, however many of them are refused,
    /// and those of them that are accepted do not end it.
    void create_accepted(int in_flight, Instant sent_at, Instant at);
    void create_refused(const Refusal& refusal, int in_flight, Instant sent_at, Instant at);
    void create_not_sent(const std::string& cause, Instant sent_at, Instant at);
    /// The first loss in a row makes creates go one at a time, so that an outage does not put every slot in
    /// doubt; only from the second one on are they suspended.
    void create_lost(const std::string& cause, Instant sent_at, Instant at);
    void prediction_ended(Instant at);

    /// The suspension that lasts longest, if any lasts beyond `now`.
    [[nodiscard]] const Suspension* suspension(Instant now) const;

    /// Predictions at once that the provider seems to allow; in [1, slots].
    [[nodiscard]] int slots(Instant now) const;

    /// Creates that may be unanswered at once: 1 while the provider's mood is unknown (after a refusal, or
    /// when a cap that it taught is tried again), otherwise slots(now).
    [[nodiscard]] int creates_at_once(Instant now) const;

    /// When slots(now) may rise by itself; Instant::max() when it will not.
    [[nodiscard]] Instant slots_rise_at(Instant now) const;

private:
    struct Wait {
        Duration wait;  ///< Until creates are tried again by themselves.
        Duration least; ///< What the provider asked for; zero when it asked for nothing.
    };
    void suspend(SuspensionReason reason, Instant at, Wait wait, const std::string& message);
    void lift(SuspensionReason reason);
    void lift_when_free(SuspensionReason reason, Instant at);
    [[nodiscard]] bool of_latest_round(Instant sent_at) const {
        return refusals_ > 0 && sent_at <= refused_at_;
    }
    void count_refusal(Instant sent_at, Instant at);
    void learn_cap(int in_flight, Instant at);
    [[nodiscard]] Duration backed_off() const;

    int slots_;
    Backoff backoff_;
    int refusals_ = 0;     ///< Rounds of creates in a row that were refused or not sent, none accepted since.
    Instant refused_at_{}; ///< The first refusal of the latest round.
    std::array<std::optional<Suspension>, kSuspensionReasons> suspensions_;
    std::optional<int> learned_slots_; ///< The cap that a 429 taught, until more were seen to be allowed.
    Instant learned_until_{};          ///< From then on the cap is doubted and tried.
};

} // namespace reeld
