/// A night on a virtual clock, with a moody provider, a bad network and crashes, all by seed.
///
/// Not a mock of the queue: the real one, driven as the daemon drives it. Only the world around it is made
/// up.
#pragma once

#include "jobs/queue/queue.h"
#include "tests/jobs/queue/dice.h"
#include "tests/simulation/provider.h"

#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace reeld::test {

/// The real queue between a simulated provider and a simulated journal (the list of durable events). It
/// checks itself after every step; what it finds broken it throws as std::logic_error, in words.
///
/// Checked: nothing is paid for twice; the provider sees no more creates than intended, and never exceeds its
/// limits; events are legal; next() comes to an end and wake_at() is later than now when it has; a replay of
/// the journal makes the same ledger; in the end every shot is final or held, and has its line and manifest.
class Simulation {
public:
    explicit Simulation(std::uint64_t seed);

    /// To the end of the night.
    void run();

    [[nodiscard]] int crashes() const { return crashes_; }
    [[nodiscard]] int shots_in(ShotState state) const;

private:
    /// How the world is tonight.
    struct Mood {
        double refused, lost, not_sent, failing, poll_failing, stuck, crash;
    };
    /// A create on its way to the provider, and what the network will do to its answer.
    struct CreateArrives {
        ShotRef shot;
        bool answer_lost;
        int life; ///< As in AnswerArrives.
    };
    struct PollArrives {
        action::Poll poll;
        int life; ///< Likewise.
    };
    struct CancelArrives {
        std::string prediction;
    };
    struct LookArrives {
        std::string model;
        Instant asked_at;
        int life;
    };
    struct AnswerArrives {
        Fact fact;
        int life; ///< Of the program that asked: a later one does not hear it.
    };
    struct BatchArrives {
        BatchFacts batch;
    };
    using Message =
        std::variant<CreateArrives, PollArrives, CancelArrives, LookArrives, AnswerArrives, BatchArrives>;

    static Mood mood_of(Dice& dice);
    [[nodiscard]] Ledger::Rules rules() const;
    [[nodiscard]] Scheduler::Options options() const;
    [[nodiscard]] Duration latency() { return dice_.between(std::chrono::milliseconds{1}, kLatencyMax); }
    static constexpr Duration kLatencyMax = std::chrono::milliseconds{900};

    void send(Duration after, Message message) { messages_.emplace(now_ + after, std::move(message)); }
    void answer(Fact fact, int life) {
        send(latency(), AnswerArrives{.fact = std::move(fact), .life = life});
    }
    void record(Fact fact);
    void step();
    void take_actions();
    void promise(const Action& action);
    void deliver(const Message& message);
    void perform(const action::Create& create);
    void perform(const action::Poll& poll) { send(latency(), PollArrives{poll, crashes_}); }
    void perform(const action::Cancel& cancel) { send(latency(), CancelArrives{cancel.prediction}); }
    void perform(const action::Look& look) {
        send(latency(), LookArrives{.model = look.model, .asked_at = now_, .life = crashes_});
    }
    void perform(const action::Settle&) {}
    void perform(const action::ReportStrays&) {}
    void perform(const action::AppendLine& line) { lines_.insert(line.shot); }
    void perform(const action::WriteManifest& manifest);
    void on(const CreateArrives& create);
    void on(const PollArrives& poll);
    void on(const CancelArrives& cancel) { provider_.cancel(cancel.prediction, now_); }
    void on(const LookArrives& look);
    void on(const AnswerArrives& answer);
    void on(const BatchArrives& batch) { record(event::BatchAccepted{batch.batch}); }
    void crash();
    void deliver_until(Instant end);
    void require(bool holds, const char* promise) const;
    void require_end() const;
    [[nodiscard]] Refusal any_refusal();

    Dice dice_;
    Mood mood_;
    Provider::Limits limits_;
    Provider provider_;
    Instant now_;
    Queue queue_;
    std::vector<Event> journal_;
    std::set<std::string> known_; ///< Predictions that the journal names.
    std::multimap<Instant, Message> messages_;
    std::map<ShotRef, int> intents_;
    std::set<ShotRef> lines_;
    int crashes_ = 0;
};

} // namespace reeld::test
