#include "jobs/queue/settling.h"

#include "jobs/queue/sighting_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace reeld {

namespace {

/// When to look, as shares of `settle`, in 24ths: with two minutes after 0, 5, 15, 30, 60 and 120 seconds.
/// Most lists show an execution at once; one that lags is caught by the later looks.
constexpr std::array<int, 6> kLooks = {0, 1, 3, 6, 12, 24};
constexpr int kSettleParts = 24;

/// After the schedule, and after looks that failed: an eighth of `settle`, doubled for each failure up to all
/// of it.
constexpr int kSpacingParts = 8;

/// Why no list's silence proves that nothing was created: a prediction was named by other means. Empty: none.
std::string named_otherwise(const ActiveShot& active) {
    if (!active.called.empty())
        return fmt::format(
            "prediction {} called its webhook, and the provider does not confirm that it is its own",
            active.called);
    if (active.doubt->named.empty()) return {};
    return fmt::format(
        "the answer to its create named prediction {}, which may be its own or another create's",
        active.doubt->named);
}

/// Whether there is a list, by what it was good for.
bool proves_list(const Fact& fact) {
    const auto* adopted = std::get_if<event::CreateAdopted>(&fact);
    const auto* dismissed = std::get_if<event::CreateDismissed>(&fact);
    return std::holds_alternative<event::CreateSought>(fact) ||
           (adopted != nullptr && adopted->by == SettledBy::list) ||
           (dismissed != nullptr && dismissed->by == SettledBy::list);
}

bool shows(const event::ListLooked& look, const std::string& prediction) {
    return std::any_of(look.sightings.begin(), look.sightings.end(),
                       [&](const Sighting& it) { return it.prediction == prediction; });
}

ShotRef settled_shot(const action::Settle& settle) {
    return std::visit([](const auto& fact) { return fact.shot; }, settle.fact);
}

bool adopts_anothers(const Ledger& ledger, const action::Settle& settle) {
    const auto* adopted = std::get_if<event::CreateAdopted>(&settle.fact);
    return adopted != nullptr && ledger.is_live(adopted->prediction);
}

/// A prediction that was accepted longer before a create says little about the list's ability to show it.
constexpr Duration kNeighbourAgeMax = std::chrono::hours{1};

/// Predictions of a model that are remembered for this at most; beyond, a busy account's last hour is cut.
constexpr std::size_t kOwnMax = 8192;

/// How often in a row the provider must say that there is no list, before it is believed.
constexpr int kDenialsMin = 3;

/// A look that is asked to come again much later, as by a proxy's page for a maintenance, comes after this.
constexpr Duration kRetryAfterMax = std::chrono::minutes{5};

} // namespace

void Settling::note(const Ledger& ledger, const Event& event) {
    const Instant now = event.stamp.at;
    if (const auto* started = std::get_if<event::Started>(&event.fact)) {
        wanted_.clear();
        unanswered_.clear();
        for (auto& [model, looks] : models_) looks = ModelLooks{.there_is_a_list = looks.there_is_a_list};
        decided_.clear();
        if (!started->same_boot) own_.clear(); // When they were sent, our clock does not know any more.
        for (const auto& [ref, slot_back] : ledger.lost()) want(ledger, ref);
    } else if (const auto* looked = std::get_if<event::ListLooked>(&event.fact)) {
        on_looked(ledger, *looked, now);
    } else if (const auto* failed = std::get_if<event::ListFailed>(&event.fact)) {
        on_failed(ledger, *failed, now);
    } else if (const ShotRef* ref = shot_of(event.fact)) {
        want(ledger, *ref);
        if (std::holds_alternative<event::CreateCalled>(event.fact))
            withdraw_decisions(ledger, ledger.duration_kind(*ref).model);
        if (proves_list(event.fact)) models_[ledger.duration_kind(*ref).model].there_is_a_list = true;
        const auto* adopted = std::get_if<event::CreateAdopted>(&event.fact);
        if (adopted == nullptr && !std::holds_alternative<event::CreateAccepted>(event.fact)) return;
        // What a person has found may stand in another list, or have been created at another time.
        if (adopted == nullptr || adopted->by != SettledBy::person) remember_own(ledger, *ref);
        forget_suspect(ledger.active().at(*ref).prediction);
    }
}

/// Of two twins one is given what is there, and the other is absent then: where one half does not come to
/// pass, the next look decides anew.
void Settling::withdraw_decisions(const Ledger& ledger, const std::string& model) {
    std::erase_if(decided_, [&](const Action& action) {
        const auto* settle = std::get_if<action::Settle>(&action);
        if (settle == nullptr || std::holds_alternative<event::CreateSought>(settle->fact)) return false;
        return ledger.duration_kind(settled_shot(*settle)).model == model;
    });
}

void Settling::remember_own(const Ledger& ledger, ShotRef ref) {
    const auto& active = ledger.active().at(ref);
    if (!active.age_known) return;
    auto& own = own_[ledger.duration_kind(ref).model];
    own.push_back(
        {.prediction = active.prediction, .sent_at = active.intended_at, .accepted_at = active.accepted_at});
    while (own.size() > kOwnMax || own.front().accepted_at + kNeighbourAgeMax < active.accepted_at)
        own.pop_front();
}

/// The send from which on predictions of ours must be in a list that is to show the doubt: its neighbour's
/// before it, or else its own.
Instant Settling::shown_from(const std::string& model, const ActiveShot& doubt) const {
    Instant neighbour = doubt.intended_at - kNeighbourAgeMax;
    bool found = false;
    const auto own = own_.find(model);
    if (own == own_.end()) return doubt.intended_at;
    for (const auto& it : own->second) {
        if (it.sent_at < neighbour || it.sent_at > doubt.intended_at) continue;
        neighbour = it.sent_at;
        found = true;
    }
    return found ? neighbour : doubt.intended_at;
}

bool Settling::vouches(const event::ListLooked& look, const ActiveShot& doubt) const {
    const bool knows_us = look.knows_us.value_or(true);
    const auto own = own_.find(look.model);
    if (own == own_.end()) return knows_us;
    // All that is remembered after a reboot was sent after it, and with that after the doubt.
    const Instant from = doubt.age_known ? shown_from(look.model, doubt) : Instant::min();
    const std::set<std::string_view> shown(look.ours.begin(), look.ours.end());
    return knows_us && std::all_of(own->second.begin(), own->second.end(), [&](const Own& it) {
               const bool must_be_shown =
                   it.sent_at >= from && it.accepted_at + policy_.settle <= look.asked_at;
               return !must_be_shown || shown.contains(it.prediction);
           });
}

/// Begins to look for what is in doubt now, goes on where it has begun, and ends where it is in doubt no
/// more.
void Settling::want(const Ledger& ledger, ShotRef ref) {
    const ShotState state = ledger.shot(ref).state;
    if (state == ShotState::creating) return; // A person does not want it any more, and it goes on.
    const auto before = unanswered_.extract(ref);
    if (state != ShotState::in_doubt) {
        wanted_.erase(ref);
        return;
    }
    const std::string model = ledger.duration_kind(ref).model;
    models_.try_emplace(model);
    if (wanted_.contains(ref)) return;
    const auto& active = ledger.active().at(ref);
    Suspects suspects = active.suspects ? Suspects(*active.suspects) : Suspects();
    if (!before.empty()) suspects = before.mapped();
    wanted_.emplace(ref, Wanted{.model = model,
                                .since = active.doubt->since,
                                .due = active.doubt->since,
                                .looks = 0,
                                .suspects = std::move(suspects)});
}

/// Has what may be a create's own written down, and that there is a list, where the journal does not say so.
void Settling::keep_suspects(const Ledger& ledger, const std::string& model) {
    const auto keep = [&](ShotRef ref, std::vector<event::Execution> suspects) {
        if (ledger.active().at(ref).suspects == suspects) return;
        decided_.emplace_back(
            action::Settle{event::CreateSought{.shot = ref, .suspects = std::move(suspects)}});
    };
    for (const auto& [ref, wanted] : wanted_) {
        if (wanted.model == model) keep(ref, wanted.suspects.lasting());
    }
    for (const auto& [ref, suspects] : unanswered_) {
        const bool worth_it = !suspects.empty() || ledger.active().at(ref).suspects;
        if (worth_it && ledger.duration_kind(ref).model == model) keep(ref, suspects.lasting());
    }
}

Duration Settling::spacing(int failures) const {
    return std::min(policy_.settle, policy_.settle / kSpacingParts * (1 << std::clamp(failures - 1, 0, 3)));
}

Instant Settling::due_at(const std::string& model) const {
    Instant due = Instant::max();
    for (const auto& [ref, wanted] : wanted_) {
        if (wanted.model == model) due = std::min(due, wanted.due);
    }
    const auto looks = models_.find(model);
    if (looks == models_.end() || due == Instant::max()) return due;
    return looks->second.under_way ? Instant::max() : std::max(due, looks->second.not_before);
}

std::optional<Instant> Settling::next_look(ShotRef shot) const {
    const auto wanted = wanted_.find(shot);
    if (wanted == wanted_.end()) return std::nullopt;
    const Instant due = due_at(wanted->second.model);
    return due == Instant::max() ? std::nullopt : std::optional{due};
}

Instant Settling::wake_at() const {
    if (!decided_.empty()) return Instant::min();
    Instant first = Instant::max();
    for (const auto& [model, looks] : models_) first = std::min(first, due_at(model));
    return first;
}

std::optional<Action> Settling::next(const Ledger& ledger, Instant now) {
    while (!decided_.empty()) {
        Action action = std::move(decided_.front());
        decided_.pop_front();
        const auto* settle = std::get_if<action::Settle>(&action);
        if (settle == nullptr) return action;
        // A person may have been faster, or the answer to another create.
        const ShotRef ref = settled_shot(*settle);
        const ShotState state = ledger.shot(ref).state;
        const bool sought = std::holds_alternative<event::CreateSought>(settle->fact);
        if (sought && state == ShotState::creating) return action;
        if (state == ShotState::in_doubt && !adopts_anothers(ledger, *settle)) return action;
        if (std::holds_alternative<event::CreateAdopted>(settle->fact))
            withdraw_decisions(ledger, ledger.duration_kind(ref).model);
    }
    for (const auto& [model, looks] : models_) {
        if (due_at(model) > now) continue;
        return begin_look(ledger, model, now);
    }
    return std::nullopt;
}

action::Look Settling::begin_look(const Ledger& ledger, const std::string& model, Instant now) {
    action::Look look{.model = model};
    models_.at(model).under_way = true;
    for (auto& [ref, wanted] : wanted_) {
        if (wanted.model != model) continue;
        const auto& doubt = ledger.active().at(ref);
        if (doubt.age_known) look.back_to = std::min(look.back_to, shown_from(model, doubt));
        while (wanted.due <= now) {
            ++wanted.looks;
            const auto index = static_cast<std::size_t>(wanted.looks);
            wanted.due = index < kLooks.size()
                             ? wanted.since + policy_.settle * kLooks.at(index) / kSettleParts
                             : now + spacing(1);
        }
    }
    return look;
}

void Settling::hold(ShotRef ref, std::string reason) {
    decided_.emplace_back(action::Settle{event::CreateHeld{.shot = ref, .reason = std::move(reason)}});
}

Instant Settling::deadline(const Ledger& ledger, ShotRef ref) const {
    // A look that fails at the end of `settle` is made again, however short `polling.give_up` is.
    return std::max(wanted_.at(ref).since + 2 * policy_.settle,
                    ledger.active().at(ref).intended_at + ledger.rules().give_up);
}

void Settling::on_looked(const Ledger& ledger, const event::ListLooked& seen, Instant now) {
    const auto look = heed_calls(ledger, seen);
    auto& looks = models_[look.model];
    looks.under_way = false;
    looks.there_is_a_list = true;
    looks.lacks_ours = false;
    looks.denials = 0;
    looks.failures = look.complete ? 0 : looks.failures + 1;
    looks.not_before = look.complete ? now : now + spacing(looks.failures);
    const auto match = match_sightings(ledger, look);
    note_suspects(ledger, look);
    std::set<std::string> taken;
    for (const auto& [ref, prediction] : match.adopted) {
        // What called is its own, should it come up: lists lag.
        const auto& called = ledger.active().at(ref).called;
        const bool awaits = !called.empty() && called != prediction;
        if (awaits && !is_last_look(look, ref)) continue;
        if (awaits && shows(look, called)) {
            hold(ref, named_otherwise(ledger.active().at(ref)));
            continue;
        }
        taken.insert(prediction);
        decided_.emplace_back(action::Settle{
            event::CreateAdopted{.shot = ref, .prediction = prediction, .by = SettledBy::list}});
    }
    report(looks, {.model = look.model, .predictions = match.strays});
    for (const auto& [ref, taker] : match.gave_way)
        wanted_.at(ref).since = std::max(wanted_.at(ref).since, wanted_.at(taker).since);
    for (const ShotRef ref : match.absent) judge_absent(ledger, look, ref, taken);
    for (const auto& [ref, prediction] : match.ambiguous) {
        if (is_last_look(look, ref) && !look.witness_unread) hold(ref, wanted_.at(ref).suspects.reason());
    }
    for (const auto& [ref, wanted] : wanted_) {
        if (wanted.model != look.model || look.asked_at < deadline(ledger, ref)) continue;
        const auto named = named_otherwise(ledger.active().at(ref));
        hold(ref, !named.empty()             ? named
                  : !wanted.suspects.empty() ? wanted.suspects.reason()
                  : looks.lacks_ours
                      ? "the provider's list of executions does not show what was accepted: the key may be "
                        "another account's, or the list out of date"
                      : "the provider's list of executions stayed incomplete, out of date or ambiguous");
    }
    keep_suspects(ledger, look.model); // Last: of what is settled before, nothing is sought any more.
}

void Settling::note_suspects(const Ledger& ledger, const event::ListLooked& look) {
    for (auto& [ref, wanted] : wanted_) {
        if (wanted.model != look.model) continue;
        wanted.suspects.note(ref, created_from(ledger.active().at(ref), time_of(look)).possible, look);
    }
    for (const auto& [ref, active] : ledger.active()) {
        const bool unanswered = ledger.shot(ref).state == ShotState::creating;
        if (!unanswered || ledger.duration_kind(ref).model != look.model) continue;
        unanswered_[ref].note(ref, created_from(active, time_of(look)).possible, look);
    }
}

void Settling::forget_suspect(const std::string& prediction) {
    for (auto& [ref, wanted] : wanted_) wanted.suspects.forget(prediction);
    for (auto& [ref, suspects] : unanswered_) suspects.forget(prediction);
}

void Settling::report(ModelLooks& looks, action::ReportStrays strays) {
    std::erase_if(strays.predictions,
                  [&](const std::string& prediction) { return !looks.reported.insert(prediction).second; });
    if (!strays.predictions.empty()) decided_.emplace_back(std::move(strays));
}

bool Settling::is_last_look(const event::ListLooked& look, ShotRef ref) const {
    return look.complete && look.asked_at >= wanted_.at(ref).since + policy_.settle;
}

/// `taken`: what other shots are given by this look.
void Settling::judge_absent(const Ledger& ledger, const event::ListLooked& look, ShotRef ref,
                            const std::set<std::string>& taken) {
    const auto& active = ledger.active().at(ref);
    const Instant since = wanted_.at(ref).since;
    if (!is_last_look(look, ref)) return;
    if (wanted_.at(ref).suspects.any_beside(taken)) return;
    const auto from = created_from(active, time_of(look));
    if (!from.certain) {
        return hold(ref, "the provider's list does not show it, but the machine restarted since it was sent, "
                         "and when that was by the provider's clock is not known");
    }
    // A proxy may answer with a list of some time ago; its clock tells.
    const Duration lost_after = active.age_known ? since - active.intended_at : Duration::zero();
    if (look.as_of < from.adoptable + lost_after + policy_.settle) return;
    if (!vouches(look, active)) {
        models_.at(look.model).lacks_ours = !look.witness_unread;
        return;
    }
    if (auto reason = named_otherwise(active); !reason.empty()) return hold(ref, std::move(reason));
    decided_.emplace_back(action::Settle{ledger.dismissal(ref, SettledBy::list, false)});
}

void Settling::on_failed(const Ledger& ledger, const event::ListFailed& failed, Instant now) {
    auto& looks = models_[failed.model];
    looks.under_way = false;
    ++looks.failures;
    looks.denials = failed.denied ? looks.denials + 1 : 0;
    const Duration asked_for = std::min(failed.retry_after.value_or(Duration::zero()), kRetryAfterMax);
    looks.not_before = now + std::max(spacing(looks.failures), asked_for);
    for (const auto& [ref, wanted] : wanted_) {
        if (wanted.model != failed.model) continue;
        // Where a list was, a 403 or a 404 is a moment's.
        const bool no_list = looks.denials >= kDenialsMin && !looks.there_is_a_list;
        const Instant enough = no_list ? wanted.since + policy_.settle : deadline(ledger, ref);
        if (failed.asked_at >= enough) without_list(ledger, ref, failed.cause);
    }
}

void Settling::without_list(const Ledger& ledger, ShotRef ref, const std::string& cause) {
    constexpr int kServerError = 500;
    const auto& active = ledger.active().at(ref);
    const bool answered_5xx = active.doubt->http_status >= kServerError;
    if (auto reason = named_otherwise(active); !reason.empty()) {
        hold(ref, std::move(reason));
    } else if (const auto& suspects = wanted_.at(ref).suspects; !suspects.empty()) {
        hold(ref, suspects.reason());
    } else if (answered_5xx || policy_.retry_unresolved) {
        decided_.emplace_back(action::Settle{ledger.dismissal(ref, SettledBy::rule, true)});
    } else {
        hold(ref, fmt::format("the provider's list of executions cannot be had: {}", cause));
    }
}

} // namespace reeld
