#include "daemon/sandbox/misbehaviour.h"

#include <cassert>

namespace reeld::sandbox {

namespace {

using enum Misbehaviour;

constexpr std::array<MisbehaviourWords, kMisbehaviours - 1> kMisbehaviourWords = {{
    {create_500, "create-500", Operation::create, "500; nothing is created"},
    {create_500_created, "create-500-created", Operation::create, "500, though the prediction is created"},
    {create_dropped, "create-dropped", Operation::create, "closes without an answer; nothing is created"},
    {create_lost, "create-lost", Operation::create, "creates, then closes without an answer"},
    {create_reset, "create-reset", Operation::create, "creates, then resets the connection"},
    {create_stall, "create-stall", Operation::create, "creates, then never answers"},
    {create_garbage, "create-garbage", Operation::create, "creates; 200 with bytes that are not JSON"},
    {create_html, "create-html", Operation::create, "200 with a proxy's page; nothing is created"},
    {create_truncated, "create-truncated", Operation::create,
     "creates, then closes half-way through the answer"},
    {create_late, "create-late", Operation::create,
     "closes without an answer; creates up to 30 s later (divided by --speed)"},
    {create_busy, "create-busy", Operation::create, "429 \"too many started at once\"; nothing is created"},
    {balance, "balance", Operation::create, "402: the balance is too low; nothing is created"},
    {auth, "auth", Operation::any, "401, whatever the key; nothing is created or cancelled"},
    {poll_500, "poll-500", Operation::poll, "500"},
    {poll_404, "poll-404", Operation::poll, "404 for a prediction that exists"},
    {poll_garbage, "poll-garbage", Operation::poll, "200 with bytes that are not JSON"},
    {poll_stall, "poll-stall", Operation::poll, "never answers"},
    {poll_reset, "poll-reset", Operation::poll, "resets the connection"},
    {poll_backwards, "poll-backwards", Operation::poll,
     "tells the status before the true one, even after the end"},
    {echo_reordered, "echo-reordered", Operation::poll,
     "the input's keys in another order, its numbers and strings spelled differently"},
    {list_stale, "list-stale", Operation::list,
     "leaves out the newest, up to 120 s of them (divided by --speed)"},
    {list_short, "list-short", Operation::list,
     "leaves out one row of the page, as when pages come from two replicas"},
    {list_403, "list-403", Operation::list, "403, whatever the key"},
    {list_404, "list-404", Operation::list, "404"},
    {list_500, "list-500", Operation::list, "500"},
    {list_stall, "list-stall", Operation::list, "never answers"},
    {cancel_ignored, "cancel-ignored", Operation::cancel, "says cancelled, and renders on"},
    {cancel_500, "cancel-500", Operation::cancel, "500; nothing is cancelled"},
    {webhook_lost, "webhook-lost", Operation::webhook, "is never sent"},
    {webhook_doubled, "webhook-doubled", Operation::webhook, "is sent twice"},
    {webhook_late, "webhook-late", Operation::webhook,
     "is sent up to 60 s after the end (divided by --speed)"},
    {webhook_early, "webhook-early", Operation::webhook,
     "the prediction ends at once, and its webhook comes before the create's answer"},
    {webhook_forged, "webhook-forged", Operation::webhook,
     "two with a wrong secret and a wrong path claim the end half-way, before the true one"},
    {webhook_reordered, "webhook-reordered", Operation::webhook,
     "one that says \"processing\" follows the true one"},
}};

bool happens_on(const MisbehaviourWords& words, Operation operation) {
    return words.on == operation || (words.on == Operation::any && operation != Operation::webhook);
}

Purpose purpose_of(Operation operation) {
    switch (operation) {
    case Operation::create: return Purpose::create;
    case Operation::poll: return Purpose::poll;
    case Operation::list: return Purpose::list;
    case Operation::webhook: return Purpose::webhook;
    default: return Purpose::cancel;
    }
}

} // namespace

std::span<const MisbehaviourWords> all_misbehaviours() {
    return kMisbehaviourWords;
}

std::string_view name_of(Misbehaviour what) {
    for (const MisbehaviourWords& words : kMisbehaviourWords) {
        if (words.what == what) return words.name;
    }
    return "none";
}

std::string_view name_of(Operation operation) {
    static constexpr std::array<std::string_view, 6> kNames = {"create", "poll",    "list",
                                                               "cancel", "webhook", "any"};
    return kNames.at(static_cast<std::size_t>(operation));
}

std::optional<Misbehaviour> misbehaviour_named(std::string_view name) {
    for (const MisbehaviourWords& words : kMisbehaviourWords) {
        if (words.name == name) return words.what;
    }
    return std::nullopt;
}

double share_of(const MisbehaviourShares& shares, Operation operation) {
    double sum = 0;
    for (const MisbehaviourWords& words : kMisbehaviourWords) {
        if (happens_on(words, operation)) sum += shares.at(static_cast<std::size_t>(words.what));
    }
    return sum;
}

Misbehaviour draw(const MisbehaviourShares& shares, Operation operation, const Dice& dice,
                  std::uint64_t number) {
    assert(operation != Operation::any);
    double left = dice.uniform(purpose_of(operation), number);
    for (const MisbehaviourWords& words : kMisbehaviourWords) {
        if (!happens_on(words, operation)) continue;
        left -= shares.at(static_cast<std::size_t>(words.what));
        if (left < 0) return words.what;
    }
    return none;
}

} // namespace reeld::sandbox
