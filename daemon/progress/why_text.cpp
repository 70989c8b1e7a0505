#include "daemon/progress/why_text.h"

#include "daemon/progress/progress_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld {

namespace {

/// "; the next is expected in about 40 s", or nothing.
std::string when(const char* before, std::optional<Instant> until, Instant now) {
    if (!until) return "";
    return fmt::format("{}{}", before, short_time(std::max(Duration::zero(), *until - now)));
}

/// A token's time is known, not guessed: to a tenth of a second, while that can be told.
std::string exactly(std::optional<Instant> until, Instant now) {
    constexpr Duration kTenthsBelow = std::chrono::minutes{1};
    if (!until) return "";
    const Duration wait = std::max(Duration::zero(), *until - now);
    if (wait >= kTenthsBelow) return when("; it is free in ", until, now);
    return fmt::format("; it is free in {:.1f} s", std::chrono::duration<double>(wait).count());
}

std::string suspension_text(const Ledger& ledger, Instant now) {
    const auto* suspension = ledger.account().suspension(now);
    if (suspension == nullptr) return "waits for the account, which was suspended";
    return fmt::format("waits for the account, suspended {} ago, {}: {}{}",
                       short_time(now - suspension->since), to_words(suspension->reason), suspension->message,
                       when("; asked again in ", suspension->until, now));
}

} // namespace

std::string why_text(const Why& why, const Ledger& ledger, Instant now) {
    switch (why.kind) {
    case Why::Kind::token: return "waits for a token" + exactly(why.until, now);
    case Why::Kind::slot:
        return "waits for a slot" + when("; the next is expected in about ", why.until, now);
    case Why::Kind::answer:
        return "waits for the answer to another create: after trouble they go one at a time";
    case Why::Kind::earlier_batch:
        return fmt::format("waits for shots of {}, which are served before", ledger.batch(*why.batch).name);
    case Why::Kind::earlier_shot: return "waits for shots of its batch that come before it";
    case Why::Kind::suspended: return suspension_text(ledger, now);
    case Why::Kind::backoff:
        return "waits before its next attempt" + when("; that comes in ", why.until, now);
    case Why::Kind::settling:
        return "its create's answer was lost, and it is looked for in the provider's list" +
               when("; the next look is in ", why.until, now);
    case Why::Kind::held: return "is held: a person is to say what became of its create";
    case Why::Kind::paused: return "all creates are paused by a person; reeld resume goes on";
    case Why::Kind::hours: return "waits for its hours" + when("; they begin in ", why.until, now);
    case Why::Kind::batch_paused: return "its batch is paused by a person; reeld resume BATCH goes on";
    case Why::Kind::not_wanted: return "nothing of its batch is created by this reeld now";
    case Why::Kind::rendering: return "renders" + when("; done in about ", why.until, now);
    case Why::Kind::given_up:
        return "renders for longer than polling.give_up; it was cancelled at the provider, which has not "
               "told its end. reeld cancel, said twice, awaits it no more";
    case Why::Kind::creating: return "its create is under way";
    case Why::Kind::nothing: break;
    }
    return "";
}

} // namespace reeld
