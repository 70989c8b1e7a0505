/// Which browsers may act: one-time tokens, and the sessions that they are exchanged for.
///
/// `reeld dashboard` is given a token, which a browser exchanges once, within a minute, for the secret of a
/// session of its own. Both are 128 random bits, are compared in constant time, and are kept in memory only:
/// a daemon that is started anew knows none of them. What is too many pushes out the oldest, so that nobody
/// who may ask for a token is ever refused.
///
/// Threading: none. Instants may repeat but not go back.
#pragma once

#include "jobs/queue/time.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

class PageSessions {
public:
    struct Limits {
        /// From the token's making until a browser must have come with it: a person copies and pastes.
        Duration token_life = std::chrono::seconds{60};
        std::size_t tokens_max = 8;
        Duration session_life = std::chrono::hours{12}; ///< However often it is used. `http.session`.
        std::size_t sessions_max = 16;                  ///< Browsers that may act at once.
    };

    explicit PageSessions(Limits limits) : limits_(limits) {}

    [[nodiscard]] const Limits& limits() const { return limits_; }

    /// A new token. Throws std::runtime_error when the kernel gives no random numbers.
    [[nodiscard]] std::string invite(Instant now);

    /// Exchanges a token for the secret of a new session. Nothing when the token is wrong, was used, or is
    /// too old. Throws as invite() does; the token is gone all the same.
    [[nodiscard]] std::optional<std::string> enter(std::string_view token, Instant now);

    /// Whether the secret is that of a session that is not over.
    [[nodiscard]] bool admits(std::string_view secret, Instant now) const;

private:
    struct Kept {
        std::string secret;
        Instant until;
    };
    /// The oldest stands first, and ends first.
    using Row = std::deque<Kept>;
    static std::string add(Row& row, std::size_t most, Instant until);

    Limits limits_;
    Row tokens_;
    Row sessions_;
};

} // namespace reeld
