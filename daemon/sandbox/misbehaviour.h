/// What the sandbox does wrong on request, so that a client's answer to it can be tested.
///
/// A request misbehaves in one way at most: the probabilities of all that can happen to one operation are
/// shares of its requests and add up to 1 at most. Which requests are hit depends on the seed and on their
/// number.
#pragma once

#include "daemon/sandbox/dice.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace reeld::sandbox {

enum class Misbehaviour : std::uint8_t {
    none,
    create_500,
    create_500_created,
    create_dropped,
    create_lost,
    create_reset,
    create_stall,
    create_garbage,
    create_html,
    create_truncated,
    create_late,
    create_busy,
    balance,
    auth,
    poll_500,
    poll_404,
    poll_garbage,
    poll_stall,
    poll_reset,
    poll_backwards,
    echo_reordered,
    list_stale,
    list_short,
    list_403,
    list_404,
    list_500,
    list_stall,
    cancel_ignored,
    cancel_500,
    webhook_lost,
    webhook_doubled,
    webhook_late,
    webhook_early,
    webhook_forged,
    webhook_reordered,
};

inline constexpr std::size_t kMisbehaviours = static_cast<std::size_t>(Misbehaviour::webhook_reordered) + 1;

/// A webhook is the sandbox's own request, one for each prediction that asks for it; the others are its
/// client's.
enum class Operation : std::uint8_t { create, poll, list, cancel, webhook, any };

struct MisbehaviourWords {
    Misbehaviour what;
    std::string_view name; ///< In `--misbehave NAME=PROBABILITY` and in the report.
    Operation on;          ///< `any`: each of the client's four.
    std::string_view does; ///< For --help: says whether the prediction is created.
};

/// All but `none`, in the order of the enumeration.
[[nodiscard]] std::span<const MisbehaviourWords> all_misbehaviours();

[[nodiscard]] std::string_view name_of(Misbehaviour what);
[[nodiscard]] std::string_view name_of(Operation operation);
[[nodiscard]] std::optional<Misbehaviour> misbehaviour_named(std::string_view name);

/// Indexed by Misbehaviour; each in [0, 1].
using MisbehaviourShares = std::array<double, kMisbehaviours>;

/// The part of the requests to `operation` (not `any`) that misbehave.
[[nodiscard]] double share_of(const MisbehaviourShares& shares, Operation operation);

/// How the request with this number, counted per operation, misbehaves. `operation` is not `any`.
[[nodiscard]] Misbehaviour draw(const MisbehaviourShares& shares, Operation operation, const Dice& dice,
                                std::uint64_t number);

} // namespace reeld::sandbox
