/// What can go wrong in a simulated night, and how often it does tonight.
#pragma once

#include "tests/jobs/queue/dice.h"
#include "tests/simulation/clocks.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace reeld::test {

/// Each class is drawn on its own, so that a night may have one of them alone. Those from `unreachable` on
/// rage for a while; the others strike at single occasions.
enum class FaultClass : std::uint8_t {
    // The network, whatever is asked.
    not_sent,       ///< No byte leaves.
    request_lost,   ///< It leaves and never arrives; the answer is waited for in vain.
    answer_lost,    ///< It arrives, and the answer does not.
    late_arrival,   ///< A create arrives after it was given up for lost.
    garbled_answer, ///< A whole answer of nonsense.
    cut_answer,     ///< The connection dies in the middle of the answer.
    huge_answer,    ///< More than the client takes.
    late_answer,    ///< Nearly as late as the client waits, or later.
    // The provider.
    error_without_create, ///< HTTP 5xx, and nothing was created.
    error_with_create,    ///< HTTP 5xx, and it was.
    slow_down,            ///< 429 without a cause, with Retry-After.
    slow_down_silent,     ///< The same without it.
    invalid_input,        ///< 422.
    prediction_fails,
    prediction_hangs, ///< It runs longer than anybody waits.
    success_without_url,
    poll_missing,     ///< 404 for a prediction that exists.
    poll_broken,      ///< HTTP 500.
    status_backwards, ///< An earlier status than was shown before.
    echo_failing,     ///< The input of an execution is not to be had.
    deaf_cancel,      ///< A cancel is confirmed, and the prediction goes on.
    list_stale,       ///< It shows what was some time ago.
    list_shifting,    ///< Each page is of another time.
    foreign_equal,    ///< Another program creates with the model and the input of one of our shots.
    foreign_other,    ///< Another program creates by the dozen.
    // Its webhooks.
    webhooks_off,     ///< Creates carry none all night.
    webhook_lost,     ///< It is posted and never arrives.
    webhook_late,     ///< By minutes.
    webhook_early,    ///< One that comes before the create's answer, whatever the prediction does.
    webhook_doubled,  ///< It comes again and again.
    webhook_forged,   ///< By somebody who lacks the token or the secret.
    webhook_mistaken, ///< By the provider itself, for a prediction that nobody made or that is another's.
    // This machine.
    crash,           ///< Between any two steps.
    crash_in_commit, ///< In the middle of writing the journal.
    reboot,          ///< A crash after which the clocks begin anew.
    power_cut,       ///< The same, and what was not synced is lost or torn.
    pause,           ///< Time passes, nothing runs.
    wall_jump,       ///< The calendar clock jumps by up to an hour, either way.
    wall_lost,       ///< The same at a boot: the clock that runs while the machine is off is wrong.
    slow_disk,
    failing_sync,
    // Between two runs.
    other_limits,  ///< The program starts with other limits.
    other_retries, ///< And with other attempts, patience and rules.
    // People.
    person_right,   ///< Says what became of a lost create.
    person_wrong,   ///< Says that nothing was created although something was.
    person_pauses,  ///< One batch or all, and lets it go on some time later.
    person_cancels, ///< Any shots that are not final.
    person_retries, ///< Once more what failed or was cancelled.
    person_moves,   ///< A batch to another priority.
    // For the whole night.
    provider_clock_off,    ///< By minutes, against ours.
    provider_clocks_apart, ///< Its own, by some seconds.
    // For a while.
    hours,        ///< Not at every minute of the night may creates start.
    hours_lifted, ///< For a batch, by a person.
    unreachable,
    no_balance,     ///< 402.
    key_rejected,   ///< 401.
    cap_lowered,    ///< 429 with a cause: the provider lets fewer run at once than we are told.
    list_forbidden, ///< 403.
    list_missing,   ///< 404.
    list_broken,    ///< 500.
    list_unreachable,
    disk_full,
    output_full, ///< The disk that the manifests are on.
};
inline constexpr std::size_t kFaultClasses = 63;

[[nodiscard]] std::string_view to_word(FaultClass fault);

class Faults {
public:
    /// Draws a mood: calm, one class alone, a few, or all at once. `end` is when faults stop.
    Faults(Dice& dice, Moment end);

    /// Whether it strikes at this occasion. Counts when it does.
    [[nodiscard]] bool strikes(FaultClass fault);

    /// Whether a fault that lasts is raging. Counts when it is.
    [[nodiscard]] bool rages(FaultClass fault, Moment now);

    /// Whether the class is among tonight's at all.
    [[nodiscard]] bool tonight(FaultClass fault) const { return rates_.at(index(fault)) > 0; }

    /// For what is drawn once: says that it has happened.
    void count(FaultClass fault) { ++counts_.at(index(fault)); }

    /// From now on nothing goes wrong any more.
    void stop() { stopped_ = true; }
    [[nodiscard]] bool stopped() const { return stopped_; }

    /// How often each class has struck.
    [[nodiscard]] const std::array<std::uint64_t, kFaultClasses>& counts() const { return counts_; }

private:
    struct Spell {
        Moment from, to;
    };
    [[nodiscard]] static std::size_t index(FaultClass fault) { return static_cast<std::size_t>(fault); }
    void draw_spells(Moment end);

    Dice& dice_;
    std::array<double, kFaultClasses> rates_{}; ///< Per occasion; of those that rage, any number above 0.
    std::array<std::vector<Spell>, kFaultClasses> spells_;
    std::array<std::uint64_t, kFaultClasses> counts_{};
    bool stopped_ = false;
};

} // namespace reeld::test
