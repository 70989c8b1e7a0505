/// Checks a simulated night as the provider sees it, by its own books.
///
/// What it finds broken it throws as Violation, in words. Shots with equal model and input are told apart by
/// nobody, so that money is counted for all of them together.
#pragma once

#include "jobs/queue/action.h"
#include "jobs/queue/ledger.h"
#include "tests/simulation/chronicle.h"
#include "tests/simulation/list_watch.h"
#include "tests/simulation/provider.h"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace reeld::test {

/// What became of creates whose answer was lost.
struct DoubtTally {
    std::uint64_t lost = 0;
    std::uint64_t adopted = 0;         ///< By the list.
    std::uint64_t adopted_foreign = 0; ///< Of these, another program's, created after the send.
    std::uint64_t dismissed_by_list = 0;
    std::uint64_t dismissed_by_rule = 0;
    std::uint64_t held = 0;
    std::uint64_t by_person = 0;
};

class Audit {
public:
    struct Limits {
        TokenBucket::Limit creates;
        int slots = 0;
        Duration give_up{};
    };

    Audit(const Clocks& clocks, const Provider& provider) : clocks_(clocks), provider_(provider) {}

    /// The program starts, with these limits. What it had not made durable never happened.
    void start(const Limits& limits);
    /// An event of the journal, at a start.
    void replay(const Event& event) { chronicle_.apply(event); }
    /// The model and the input of a shot, before its batch is accepted.
    void introduce(ShotRef shot, const std::string& model, const std::string& input);
    /// An event is recorded now; `ledger` has applied it.
    void record(const Event& event);

    /// A create leaves for the provider.
    void sent(ShotRef shot, const std::string& request_id);
    /// Something may be new in the provider's books.
    void look_at_books(const Ledger& ledger);
    /// The operator was told of executions that nobody owns.
    void reported(const std::vector<std::string>& predictions) {
        reported_.insert(predictions.begin(), predictions.end());
    }

    /// Everything is final, and nothing is under way.
    void close(const Ledger& ledger) const;

    [[nodiscard]] const Chronicle& chronicle() const { return chronicle_; }
    [[nodiscard]] const DoubtTally& doubts() const { return doubts_; }
    /// Of these, those that the list settled or that were held, and for which it worked: see ListWatch. But
    /// for those whose list shows an execution with equal model and input that is nobody's.
    [[nodiscard]] const DoubtTally& doubts_with_list() const { return doubts_with_list_; }
    [[nodiscard]] std::uint64_t doubts_beside_strangers() const { return doubts_beside_strangers_; }

    /// Predictions of ours in the books with the shot's model and input that no shot owns, oldest first.
    [[nodiscard]] std::vector<const Booked*> orphans_like(ShotRef shot) const;
    /// When the create with this id left for the provider; nothing when it did not.
    [[nodiscard]] std::optional<Moment> sent_at(const std::string& request_id) const;
    /// Whether a create with this id may still arrive.
    [[nodiscard]] bool is_booked(const std::string& request_id) const { return booked_.contains(request_id); }

private:
    /// With the consent of a person, or of the configuration.
    [[nodiscard]] bool is_given_up(const std::string& request_id) const;

    struct Sent {
        ShotRef shot;
        Moment at{};
    };
    struct Era {
        Moment since{};
        Limits limits;
    };

    void count(const Fact& fact);
    /// Whether the books hold an execution like the shot's, of whenever, that is another program's
    /// or that a person said is none: equal inputs cannot be told apart, which the README says is what
    /// remains.
    [[nodiscard]] bool has_stranger_like(ShotRef shot) const;
    void check_adoption(const event::CreateAdopted& it);
    void check_dismissal(const event::CreateDismissed& it);
    void check_end(ShotRef shot, const Fact& fact) const;
    void check_payment(const Booked& it) const;
    void check_window(const Booked& it) const;
    void check_slots(const Booked& it, const Ledger& ledger) const;
    void close_shot(const Ledger& ledger, ShotRef shot) const;
    [[nodiscard]] Limits widest_since(Moment sent) const;
    [[nodiscard]] std::string group_of(const std::string& request_id) const {
        return groups_.at(sent_.at(request_id).shot);
    }
    [[nodiscard]] bool excused(const Booked& it) const {
        return it.request_id.empty() || chronicle_.given_up_by_person(it.request_id);
    }

    const Clocks& clocks_;
    const Provider& provider_;
    Chronicle chronicle_;
    DoubtTally doubts_;
    DoubtTally doubts_with_list_;
    std::uint64_t doubts_beside_strangers_ = 0;
    ListWatch list_watch_;
    std::vector<Era> eras_;
    std::map<ShotRef, std::string> groups_;     ///< Model and canonical input.
    std::map<std::string, Sent> sent_;          ///< By request id.
    std::map<std::string, std::string> booked_; ///< Predictions, by request id.
    /// By group: adopted predictions of other programs, for each of which one of ours may have no owner. That
    /// equal inputs cannot be told apart is what remains, and the README says so.
    std::map<std::string, int> swapped_;
    std::set<std::string> outlived_; ///< Predictions that were found after their slot had come back.
    std::size_t books_seen_ = 0;
    std::set<std::string> reported_;
};

} // namespace reeld::test
