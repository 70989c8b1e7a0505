#include "tests/simulation/audit.h"

#include "jobs/eachlabs/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

/// The provider's clocks write whole seconds, and the daemon allows for two of them.
constexpr Duration kWholeSeconds = 3s;

std::string name(ShotRef shot) {
    return fmt::format("shot {}.{}", shot.batch, shot.index);
}

std::string group(const std::string& model, const std::string& input) {
    return model + '\n' + eachlabs::canonical_json(input).value_or("");
}

} // namespace

void Audit::start(const Limits& limits) {
    chronicle_ = {};
    eras_.push_back({.since = clocks_.now, .limits = limits});
}

void Audit::introduce(ShotRef shot, const std::string& model, const std::string& input) {
    groups_[shot] = group(model, input);
    list_watch_.introduce(shot, model);
}

void Audit::sent(ShotRef shot, const std::string& request_id) {
    if (!sent_.emplace(request_id, Sent{.shot = shot, .at = clocks_.now}).second)
        throw Violation("a create was sent twice: " + request_id);
}

void Audit::record(const Event& event) {
    const auto& fact = event.fact;
    count(fact);
    if (const auto* adopted = std::get_if<event::CreateAdopted>(&fact)) check_adoption(*adopted);
    if (const auto* dismissed = std::get_if<event::CreateDismissed>(&fact)) check_dismissal(*dismissed);
    if (const ShotRef* ref = shot_of(fact)) check_end(*ref, fact);
    chronicle_.apply(event);
    list_watch_.note(event);
}

void Audit::count(const Fact& fact) {
    if (std::holds_alternative<event::CreateLost>(fact)) ++doubts_.lost;
    const bool held = std::holds_alternative<event::CreateHeld>(fact);
    if (held) ++doubts_.held;
    const auto* adopted = std::get_if<event::CreateAdopted>(&fact);
    const auto* dismissed = std::get_if<event::CreateDismissed>(&fact);
    const bool by_list = (adopted != nullptr && adopted->by == SettledBy::list) ||
                         (dismissed != nullptr && dismissed->by == SettledBy::list);
    if (!(held || by_list) || !list_watch_.works_for(*shot_of(fact))) return;
    if (has_stranger_like(*shot_of(fact))) {
        ++doubts_beside_strangers_;
        return;
    }
    ++doubts_with_list_.lost;
    doubts_with_list_.held += held ? 1 : 0;
    doubts_with_list_.adopted += adopted != nullptr ? 1 : 0;
    doubts_with_list_.dismissed_by_list += dismissed != nullptr ? 1 : 0;
}

bool Audit::has_stranger_like(ShotRef shot) const {
    return std::ranges::any_of(provider_.books(), [&](const Booked& it) {
        return excused(it) && group(it.model, it.input) == groups_.at(shot);
    });
}

void Audit::check_adoption(const event::CreateAdopted& it) {
    const auto create = sent_.find(chronicle_.shot(it.shot).request_id);
    const Duration give_up = widest_since(clocks_.now).give_up;
    if (create != sent_.end() && clocks_.now - create->second.at >= give_up) outlived_.insert(it.prediction);
    if (it.by == SettledBy::person) {
        ++doubts_.by_person;
        return;
    }
    ++doubts_.adopted;
    const Booked* booked = provider_.find(it.prediction);
    if (booked == nullptr) throw Violation(name(it.shot) + " adopts what nobody created: " + it.prediction);
    if (group(booked->model, booked->input) != groups_.at(it.shot))
        throw Violation(fmt::format("{} adopts {}, which has another input", name(it.shot), it.prediction));
    if (booked->request_id.empty()) {
        ++doubts_.adopted_foreign;
        ++swapped_[groups_.at(it.shot)];
    }
    const auto sent = sent_.find(chronicle_.shot(it.shot).request_id);
    // The intent may have been recorded and the create never sent: then only the intent's time is known, and
    // it was not later than this.
    // One of ours from before was another take's, in doubt as well: then each has what the other paid for.
    if (sent == sent_.end() || !booked->request_id.empty()) return;
    const Duration apart = std::max(clocks_.rows_error, Duration::zero()) + kIntentAgeMax;
    if (booked->created_at + kWholeSeconds + apart < sent->second.at) {
        throw Violation(fmt::format("{} adopts {}, which was created {} ms before its send", name(it.shot),
                                    it.prediction, (sent->second.at - booked->created_at).count() / 1000));
    }
}

void Audit::check_dismissal(const event::CreateDismissed& it) {
    if (it.by == SettledBy::person) ++doubts_.by_person;
    if (it.by == SettledBy::rule) ++doubts_.dismissed_by_rule;
    if (it.by != SettledBy::list) return;
    ++doubts_.dismissed_by_list;
    const auto booked = booked_.find(chronicle_.shot(it.shot).request_id);
    if (booked == booked_.end() || chronicle_.has_owner(booked->second)) return;
    throw Violation(fmt::format("{} is dismissed by the list, although its create made {}", name(it.shot),
                                booked->second));
}

/// What is recorded of a prediction's end is what became of it at the provider.
void Audit::check_end(ShotRef shot, const Fact& fact) const {
    const auto known = chronicle_.shots().find(shot);
    const Booked* it = known == chronicle_.shots().end() ? nullptr : provider_.find(known->second.prediction);
    if (it == nullptr) return;
    const bool video = it->makes_video() && !provider_.running(*it);
    if (std::holds_alternative<event::PredictionSucceeded>(fact) && !video)
        throw Violation(name(shot) + " succeeds without a video");
    const bool failed = std::holds_alternative<event::PredictionFailed>(fact);
    if ((failed || std::holds_alternative<event::PredictionCancelled>(fact)) &&
        (it->makes_video() || provider_.running(*it))) {
        throw Violation(
            fmt::format("{} is given up although {} is running or has its video", name(shot), it->id));
    }
}

void Audit::look_at_books(const Ledger& ledger) {
    const auto& books = provider_.books();
    for (; books_seen_ < books.size(); ++books_seen_) {
        const auto& it = books[books_seen_];
        if (it.request_id.empty()) continue;
        if (!booked_.emplace(it.request_id, it.id).second)
            throw Violation("one create was executed twice: " + it.request_id);
        check_payment(it);
        check_window(it);
        check_slots(it, ledger);
    }
}

void Audit::check_payment(const Booked& it) const {
    const auto group = group_of(it.request_id);
    int allowed = 0;
    for (const auto& [ref, shot] : chronicle_.shots()) {
        if (groups_.at(ref) == group) allowed += (shot.intents > 0 ? 1 : 0) + shot.consents;
    }
    const auto billed = std::count_if(booked_.begin(), booked_.end(),
                                      [&](const auto& entry) { return group_of(entry.first) == group; });
    if (billed <= allowed) return;
    throw Violation(fmt::format(
        "{} is paid for once more than anybody consented to: {} creates, {} allowed; the last is {}",
        name(sent_.at(it.request_id).shot), billed, allowed, it.id));
}

Audit::Limits Audit::widest_since(Moment sent) const {
    Limits widest = eras_.back().limits;
    for (auto era = eras_.rbegin(); era != eras_.rend(); ++era) {
        widest.creates.capacity = std::max(widest.creates.capacity, era->limits.creates.capacity);
        widest.creates.window = std::min(widest.creates.window, era->limits.creates.window);
        widest.slots = std::max(widest.slots, era->limits.slots);
        if (era->since <= sent) break;
    }
    for (const auto& era : eras_) widest.give_up = std::min(widest.give_up, era.limits.give_up);
    return widest;
}

void Audit::check_window(const Booked& it) const {
    const auto limits = widest_since(sent_.at(it.request_id).at);
    int count = 0;
    for (auto other = provider_.books().rbegin(); other != provider_.books().rend(); ++other) {
        if (other->created_at + limits.creates.window <= it.created_at) break;
        if (!other->request_id.empty()) ++count;
    }
    if (count > limits.creates.capacity) {
        throw Violation(fmt::format("{} creates arrived within {} s, and {} are allowed; the last is {}",
                                    count, limits.creates.window.count() / 1'000'000, limits.creates.capacity,
                                    it.id));
    }
}

void Audit::check_slots(const Booked& it, const Ledger& ledger) const {
    const auto limits = widest_since(sent_.at(it.request_id).at);
    std::set<std::string> polled;
    for (const auto& [ref, active] : ledger.active()) polled.insert(active.prediction);
    int count = 0;
    for (const auto& other : provider_.books()) {
        if (!provider_.running(other) || excused(other) || reported_.contains(other.id)) continue;
        if (!chronicle_.has_owner(other.id) && swapped_.contains(group_of(other.request_id))) continue;
        // What nobody knows of is believed to have ended when it has run for give_up.
        const bool young = clocks_.now - sent_.at(other.request_id).at < limits.give_up;
        if (young || (polled.contains(other.id) && !outlived_.contains(other.id))) ++count;
    }
    if (count > limits.slots) {
        throw Violation(fmt::format("{} predictions run at once, and {} are allowed; the last is {}", count,
                                    limits.slots, it.id));
    }
}

std::vector<const Booked*> Audit::orphans_like(ShotRef shot) const {
    std::vector<const Booked*> orphans;
    for (const auto& it : provider_.books()) {
        if (it.request_id.empty() || chronicle_.has_owner(it.id)) continue;
        if (group_of(it.request_id) == groups_.at(shot)) orphans.push_back(&it);
    }
    return orphans;
}

std::optional<Moment> Audit::sent_at(const std::string& request_id) const {
    const auto sent = sent_.find(request_id);
    return sent == sent_.end() ? std::nullopt : std::optional{sent->second.at};
}

bool Audit::is_given_up(const std::string& request_id) const {
    return chronicle_.given_up_by_person(request_id) || chronicle_.given_up_by_rule(request_id) ||
           chronicle_.left_unsettled(request_id);
}

void Audit::close(const Ledger& ledger) const {
    auto swapped = swapped_;
    // What was given up and is a twin's: then the twin's own is what nobody knows of.
    for (const auto& it : provider_.books()) {
        if (!it.request_id.empty() && chronicle_.has_owner(it.id) && is_given_up(it.request_id))
            ++swapped[group_of(it.request_id)];
    }
    for (const auto& it : provider_.books()) {
        if (it.request_id.empty() || chronicle_.has_owner(it.id) || reported_.contains(it.id)) continue;
        if (is_given_up(it.request_id)) continue;
        if (swapped[group_of(it.request_id)]-- > 0) continue;
        throw Violation(fmt::format("{} was paid for by {}, and nobody knows of it", it.id,
                                    name(sent_.at(it.request_id).shot)));
    }
    for (const auto& [key, batch] : ledger.batches()) {
        for (std::uint32_t i = 0; i < batch.shots.size(); ++i) close_shot(ledger, {.batch = key, .index = i});
    }
}

void Audit::close_shot(const Ledger& ledger, ShotRef shot) const {
    const ShotState state = ledger.shot(shot).state;
    if (!is_final(state)) throw Violation(fmt::format("{} is {} in the end", name(shot), to_word(state)));
    const auto known = chronicle_.shots().find(shot);
    const Booked* it = known == chronicle_.shots().end() ? nullptr : provider_.find(known->second.prediction);
    if (it != nullptr && it->makes_video() && state != ShotState::succeeded)
        throw Violation(
            fmt::format("{} is {}, although {} has its video", name(shot), to_word(state), it->id));
}

} // namespace reeld::test
