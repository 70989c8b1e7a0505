#include "daemon/control/page_sessions.h"

#include "daemon/app/secret.h"
#include "daemon/random_hex.h"

namespace reeld {

std::string PageSessions::add(Row& row, std::size_t most, Instant until) {
    std::string secret = random_hex();
    while (row.size() >= most) row.pop_front();
    row.push_back({.secret = secret, .until = until});
    return secret;
}

std::string PageSessions::invite(Instant now) {
    return add(tokens_, limits_.tokens_max, now + limits_.token_life);
}

std::optional<std::string> PageSessions::enter(std::string_view token, Instant now) {
    const auto is_it = [&](const Kept& kept) {
        return equals_in_constant_time(kept.secret, token);
    };
    for (auto kept = tokens_.begin(); kept != tokens_.end(); ++kept) {
        if (!is_it(*kept)) continue;
        const bool in_time = now < kept->until;
        tokens_.erase(kept);
        if (!in_time) return std::nullopt;
        return add(sessions_, limits_.sessions_max, now + limits_.session_life);
    }
    return std::nullopt;
}

bool PageSessions::admits(std::string_view secret, Instant now) const {
    for (const Kept& kept : sessions_) {
        if (equals_in_constant_time(kept.secret, secret)) return now < kept.until;
    }
    return false;
}

} // namespace reeld
