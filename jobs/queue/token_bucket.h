/// The rate limit on creates.
#pragma once

#include "jobs/queue/time.h"

#include <deque>

namespace reeld {

/// A rate limit: `capacity` creates in any window of length `window`, wherever it starts.
///
/// Each token comes back one window after the create that took it was answered, so what the provider
/// counts on arrival can never exceed what is counted here, however the network delays requests; and a
/// waiting queue uses every token. (A bucket that refills at a steady rate and starts full lets twice as
/// many through in its first window.) The request of a create whose answer is lost may arrive late: its token
/// comes back one window after the latest instant at which it can. Instants may repeat but not go back; a
/// clock that steps back makes tokens scarcer, never more plentiful.
class TokenBucket {
public:
    struct Limit {
        int capacity = 100; ///< Tokens in a full bucket. At least 1.
        Duration window =
            std::chrono::seconds{60}; ///< Time from an answer until its token is back. Above zero.
    };

    /// Starts full. An invalid `limit` is a bug: the configuration rejects it with a line number.
    explicit TokenBucket(Limit limit);

    /// Takes a token for a create about to be sent. During replay under a lower limit the bucket may be
    /// overdrawn; otherwise requires available(now) > 0.
    void take(Instant now);

    /// A create that took a token was answered, or is certain never to have left: its token is on its way
    /// back.
    void answered(Instant at);

    /// A create that took a token is given up for lost at `at`. Its request arrives by `latest`, if ever:
    /// an instant that may be yet to come, or be over.
    void lost(Instant at, Instant latest);

    /// Time passed that no clock of ours measured (a reboot): every token that was not back at `trusted`
    /// counts as answered at `now`, and what could arrive for some time after `trusted` can for as long
    /// after `now`.
    void distrust(Instant trusted, Instant now);

    /// Tokens on hand at `now`, in [0, capacity].
    [[nodiscard]] int available(Instant now) const;

    /// The first instant, not before `now`, at which a token is on hand; `Instant::max()` while every
    /// missing token belongs to a create that is still unanswered.
    [[nodiscard]] Instant ready_at(Instant now) const;

    [[nodiscard]] Limit limit() const { return limit_; }

private:
    [[nodiscard]] int coming_back(Instant now) const;

    Limit limit_;
    int unanswered_ = 0;                   ///< Creates whose answer is still out.
    std::deque<Instant> arrived_by_;       ///< Of creates whose token may still be missing, in order.
    Instant last_answer_ = Instant::min(); ///< No answer counts as earlier than one before it.
};

} // namespace reeld
