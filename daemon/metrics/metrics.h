/// What the daemon counts and measures, for Prometheus.
///
/// It is told of events as they happen (App::Reports::happened), and of a few facts that are no events;
/// counters begin at zero when the program starts, as Prometheus expects. It holds no label that grows with
/// the work: no shot, no batch, and of models at most models_max, the others counted as "other". What is true
/// only now (slots, tokens, suspensions) is read from the ledger when the text is asked for. No shot is
/// walked over, so a scrape costs the same whatever is queued: about a millisecond.
///
/// Every name, with its help, stands in families.cpp; examples/monitoring shows and watches them.
///
/// Threading: the loop's. It decides nothing, and nothing may depend on it.
#pragma once

#include "daemon/app/limiter_watch.h"
#include "jobs/queue/ledger.h"

#include <memory>
#include <string>
#include <string_view>

namespace reeld {

/// How a program that a batch's end started has ended.
enum class CommandEnd : std::uint8_t {
    succeeded,
    failed,      ///< It returned another code than 0, or a signal ended it.
    timed_out,   ///< It was killed.
    not_started, ///< The program is missing, say.
    dropped,     ///< Too many waited already, or reeld was ended before its turn came.
};

inline constexpr std::size_t kCommandEnds = 5;

class Metrics {
public:
    /// Models with series of their own: those that are seen first. Each costs some sixty series.
    static constexpr std::size_t models_max = 20;

    struct Options {
        std::string version; ///< Of reeld.
        WallTime started_at;
    };

    explicit Metrics(const Options& options);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// An event that was just applied to `ledger`. The first is Started, before which there is a journal's
    /// replay, of which nothing is counted.
    void happened(const Event& event, const Ledger& ledger);

    /// See App::Reports::committed and create_decided, and Loop::tell_turns.
    void journal_committed(Duration took);
    void create_decided(Duration waited);
    void loop_turned(Duration took);

    void journal_stalled(bool on);
    void storyboard_refused();
    void command_ended(CommandEnd end);

    /// Everything in Prometheus' text format 0.0.4. Only between events: what was told is what `ledger`
    /// holds.
    [[nodiscard]] std::string text(const Ledger& ledger, const LimiterWatch& limiter,
                                   std::size_t batches_outside_hours, Instant now);

    /// The content type of that text.
    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace reeld
