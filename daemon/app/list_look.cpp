#include "daemon/app/list_look.h"

#include "daemon/app/answer_facts.h"
#include "jobs/eachlabs/canonical_json.h"
#include "jobs/eachlabs/resemblance.h"
#include "jobs/queue/execution_time.h"

#include <algorithm>
#include <utility>

namespace reeld {

namespace {

/// Pages of one look at most: at the documented hundred creates a minute these reach back more than an hour.
constexpr std::size_t kPagesMax = 64;

/// Inputs asked for in one look at most; the rest comes with the next one. Each is one small request, and
/// only executions of other programs are asked about at all.
constexpr std::size_t kInputsMax = 256;

/// Rows that two neighbouring pages share. New executions push rows to the next page, which is harmless; when
/// rows move up instead (another replica answers), one could slip between two pages that do not overlap.
constexpr std::size_t kPageOverlap = 10;

/// What is known of the provider's clock is off by its whole seconds and the time that answers take: the list
/// is asked for from so much before.
constexpr Duration kAskedEarlier = std::chrono::seconds{5};

/// The rows of a list may be dated by several machines, whose clocks differ somewhat.
constexpr Duration kOrderSlack = std::chrono::seconds{2};

bool contradicts_all(const std::map<ShotRef, std::string>& sent, const std::string& shown) {
    return std::all_of(sent.begin(), sent.end(),
                       [&](const auto& it) { return eachlabs::contradicts(it.second, shown); });
}

/// When the first of the model's creates in doubt was sent.
Instant first_sent(const Ledger& ledger, const std::string& model) {
    Instant first = Instant::max();
    for (const auto& [ref, slot_back] : ledger.lost()) {
        if (ledger.shot(ref).state == ShotState::in_doubt && ledger.duration_kind(ref).model == model)
            first = std::min(first, ledger.active().at(ref).intended_at);
    }
    return first;
}

/// Not a form that is yet to be filled in.
bool says_something(const std::string& input) {
    const auto core = eachlabs::core_of(input);
    return std::any_of(core.begin(), core.end(), [](const auto& it) { return it.second.is_content; });
}

} // namespace

ListLook::ListLook(Parts parts, const action::Look& look, Instant now, std::optional<WallTime> provider_at)
    : parts_(parts), seen_{.model = look.model,
                           .asked_at = now,
                           .as_of = {},
                           .answered_at = now,
                           .complete = true,
                           .inputs_are_told = false,
                           .sightings = {}},
      back_to_(look.back_to) {
    if (!provider_at) return;
    const ProviderTime time{.as_of = *provider_at, .asked_at = now, .answered_at = now};
    asked_from_ = reach(look_from(parts_.ledger, seen_.model, time), time) - kAskedEarlier;
}

/// The earlier of `from` and the time at which `back_to` was by the provider's clock.
WallTime ListLook::reach(WallTime from, const ProviderTime& time) const {
    if (back_to_ == Instant::max()) return from;
    return std::min(from, time.as_of - (time.answered_at - back_to_) - kClocksApartMax);
}

std::variant<eachlabs::Call, Fact> ListLook::next() {
    if (failed_) return *failed_;
    if (pages_left_) return eachlabs::list_call(seen_.model, asked_from_, offset_);
    const auto next = std::find_if(candidates_.begin() + static_cast<std::ptrdiff_t>(next_candidate_),
                                   candidates_.end(), [&](const Candidate& candidate) {
                                       return !parts_.inputs.by_prediction.contains(candidate.prediction);
                                   });
    next_candidate_ = static_cast<std::size_t>(next - candidates_.begin());
    if (next == candidates_.end()) {
        asking_witness_ = next_witness();
        if (asking_witness_) return eachlabs::poll_call(*asking_witness_);
        return report();
    }
    if (inputs_asked_ == kInputsMax) {
        seen_.complete = false;
        return report();
    }
    ++inputs_asked_;
    return eachlabs::poll_call(next->prediction);
}

void ListLook::take(const HttpAnswer& answer, Instant now) {
    if (pages_left_) return take_page(answer, now);
    if (asking_witness_) return take_witness(answer);
    take_input(answer);
}

/// One execution that is ours for certain tells whether the provider shows inputs as they were sent, which
/// matters only when there are others that could be ours if it does not. And one that is older than the
/// creates in doubt tells, where the list does not show it, whether their account is still the one asked.
std::optional<std::string> ListLook::next_witness() const {
    const auto not_asked = [&](const std::optional<std::string>& it) {
        return it && !witnesses_asked_.contains(*it);
    };
    if (not_asked(acquaintance_) && !lists_ours(*acquaintance_)) return acquaintance_;
    const bool asks_for_input = !parts_.inputs.are_told.value_or(false) && !candidates_.empty();
    return asks_for_input && not_asked(witness_) ? witness_ : std::nullopt;
}

bool ListLook::lists_ours(const std::string& prediction) const {
    return std::ranges::find(seen_.ours, prediction) != seen_.ours.end();
}

void ListLook::take_witness(const HttpAnswer& answer) {
    const std::string witness = *std::exchange(asking_witness_, std::nullopt);
    witnesses_asked_.insert(witness);
    const bool answered = answer.outcome == HttpAnswer::Outcome::answered;
    if (witness == acquaintance_) seen_.knows_us = answered && eachlabs::tells_of(as_answer(answer), witness);
    if (witness != witness_) return; // It may be another model's, whose inputs may be shown otherwise.
    seen_.witness_unread = true;
    if (!answered) return;
    const auto verdict = eachlabs::read_echo(as_answer(answer), witness);
    const auto* echo = std::get_if<eachlabs::Echo>(&verdict);
    const auto shot = parts_.journal.shot_of_prediction(witness);
    // One that is not known any more will not be known next time either.
    seen_.witness_unread = echo == nullptr && !std::get<eachlabs::NoNews>(verdict).unknown_prediction;
    if (echo != nullptr && shot) testify(*shot, echo->input);
}

void ListLook::testify(ShotRef shot, const std::string& shown) {
    seen_.witness_unread = false;
    const auto sent = eachlabs::canonical_json(parts_.journal.shot(shot).shot.input);
    parts_.inputs.are_told = sent == shown;
    if (sent == shown && eachlabs::has_address(*sent)) parts_.inputs.addresses = eachlabs::Addresses::kept;
}

/// Whether an unequal input may be a doubt's own all the same. One witness does not vouch for every input:
/// defaults are added only where they are missing. Where nothing ever was ours, what the provider documents
/// counts, that it shows inputs as they were sent, but only against a text that is plainly another one.
bool ListLook::may_be_ours(const std::map<ShotRef, std::string>& own, const std::string& shown,
                           bool is_plainly_anothers) const {
    if (parts_.inputs.are_told == true) {
        const auto core = eachlabs::core_of(shown);
        return std::any_of(own.begin(), own.end(), [&](const auto& it) {
            return eachlabs::may_have_become(eachlabs::core_of(it.second), core, parts_.inputs.addresses);
        });
    }
    return witness_.has_value() || parts_.inputs.are_told == false || !is_plainly_anothers;
}

void ListLook::fail(int http_status, std::string cause, std::optional<Duration> retry_after) {
    failed_ = event::ListFailed{.model = seen_.model,
                                .asked_at = seen_.asked_at,
                                .http_status = http_status,
                                .cause = std::move(cause),
                                .retry_after = retry_after};
}

void ListLook::take_page(const HttpAnswer& answer, Instant now) {
    if (answer.outcome != HttpAnswer::Outcome::answered)
        return fail(answer.status, answer.cause, std::nullopt);
    const auto verdict = eachlabs::read_list(as_answer(answer));
    if (const auto* none = std::get_if<eachlabs::NoNews>(&verdict)) {
        fail(none->http_status, none->cause, none->retry_after);
        failed_->denied = none->provider_speaks && (none->http_status == 403 || none->http_status == 404);
        return;
    }
    const auto& page = std::get<eachlabs::ExecutionPage>(verdict);
    if (!page.as_of)
        return fail(answer.status, "the list does not say of what time it is (no Date header)", {});
    if (offset_ == 0) {
        seen_.as_of = *page.as_of;
        seen_.answered_at = now;
        from_ = look_from(parts_.ledger, seen_.model, time_of(seen_));
        reach_ = reach(from_, time_of(seen_));
        if (asks_anew()) return;
    }
    seen_.as_of = std::min(seen_.as_of, *page.as_of);
    take_rows(page);
}

/// Whether the list was asked for from too late on, by its own clock: what was known of the provider's came
/// from another machine, and what it left out proves nothing.
bool ListLook::asks_anew() {
    if (!asked_from_ || *asked_from_ <= reach_) return false;
    asked_from_ = reach_ - kAskedEarlier;
    if (!std::exchange(asked_anew_, true)) return true;
    seen_.complete = false;
    return false;
}

/// Takes a page's rows in, and knows then whether another page is wanted.
void ListLook::take_rows(const eachlabs::ExecutionPage& page) {
    bool overlaps = offset_ == 0;
    bool reached_the_past = false;
    for (const auto& execution : page.executions) {
        overlaps = overlaps || execution.id == last_id_;
        if (execution.created_at) {
            const bool past = *execution.created_at < reach_;
            // Not the newest first: then an old one says nothing of those behind it.
            if (reached_the_past && *execution.created_at >= reach_ + kOrderSlack) seen_.complete = false;
            reached_the_past = past;
        }
        take_row(execution);
    }
    if (page.unreadable || !overlaps) seen_.complete = false;
    // Rows that are counted and not shown were left out, or the provider cuts pages without saying so.
    if (page.rows < eachlabs::kListLimit && page.total.value_or(0) > offset_ + page.rows)
        seen_.complete = false;
    pages_left_ = page.rows >= eachlabs::kListLimit && !reached_the_past && !page.executions.empty();
    if (!pages_left_) return end_list();
    last_id_ = page.executions.back().id;
    offset_ += eachlabs::kListLimit - kPageOverlap;
    if (offset_ < kPagesMax * (eachlabs::kListLimit - kPageOverlap)) return;
    seen_.complete = false;
    pages_left_ = false;
    end_list();
}

/// The earliest candidate first: a lost create was executed soon after its send, and what lies between the
/// two must be known before a later one is taken for it.
void ListLook::end_list() {
    acquaintance_ = parts_.journal.some_prediction(first_sent(parts_.ledger, seen_.model));
    if (!witness_) witness_ = acquaintance_;
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const Candidate& a, const Candidate& b) { return a.created_at < b.created_at; });
}

void ListLook::take_row(const eachlabs::Execution& execution) {
    const bool dated = execution.created_at.has_value();
    if (!dated) seen_.complete = false;
    const WallTime created_at = execution.created_at.value_or(seen_.as_of);
    if (created_at < reach_) return;
    if (parts_.journal.knows_prediction(execution.id)) {
        witness_ = execution.id;
        seen_.ours.push_back(execution.id); // Once more where pages overlap, which matters to nobody.
        return;
    }
    const bool again = std::any_of(candidates_.begin(), candidates_.end(),
                                   [&](const Candidate& it) { return it.prediction == execution.id; });
    if (again || created_at < from_) return;
    candidates_.push_back({.prediction = execution.id,
                           .created_at = created_at,
                           .adoptable = dated && !is_another_models(execution)});
}

/// A provider that does not heed the model it is asked for shows what belongs to other shots.
bool ListLook::is_another_models(const eachlabs::Execution& execution) const {
    if (execution.model == seen_.model) return false;
    return std::any_of(parts_.ledger.active().begin(), parts_.ledger.active().end(), [&](const auto& it) {
        return parts_.ledger.duration_kind(it.first).model == execution.model;
    });
}

void ListLook::take_input(const HttpAnswer& answer) {
    const auto& candidate = candidates_[next_candidate_++];
    eachlabs::EchoVerdict verdict = eachlabs::NoNews{};
    if (answer.outcome == HttpAnswer::Outcome::answered)
        verdict = eachlabs::read_echo(as_answer(answer), candidate.prediction);
    if (auto* echo = std::get_if<eachlabs::Echo>(&verdict)) {
        parts_.inputs.by_prediction[candidate.prediction] = std::move(echo->input);
    } else {
        seen_.complete = false; // It may be ours.
    }
}

std::map<ShotRef, std::string> ListLook::inputs_in_question() {
    std::map<ShotRef, std::string> inputs;
    for (const auto& [ref, active] : parts_.ledger.active()) {
        const auto state = parts_.ledger.shot(ref).state;
        const bool in_question = state == ShotState::creating || state == ShotState::in_doubt;
        if (!in_question || parts_.ledger.duration_kind(ref).model != seen_.model) continue;
        if (auto input = eachlabs::canonical_json(parts_.journal.shot(ref).shot.input)) {
            inputs[ref] = *std::move(input);
        } else {
            seen_.complete = false; // Nothing can be recognised as its own.
        }
    }
    return inputs;
}

/// Creates that were answered while the list was read: what was nobody's is ours, and says how inputs are
/// shown.
void ListLook::take_out_ours() {
    std::erase_if(candidates_, [&](const Candidate& candidate) {
        const auto shot = parts_.journal.shot_of_prediction(candidate.prediction);
        if (!shot) return false;
        witness_ = candidate.prediction;
        seen_.ours.push_back(candidate.prediction);
        const auto input = parts_.inputs.by_prediction.find(candidate.prediction);
        if (input != parts_.inputs.by_prediction.end()) testify(*shot, input->second);
        return true;
    });
}

Fact ListLook::report() {
    const auto own = inputs_in_question();
    take_out_ours();
    if (acquaintance_ && lists_ours(*acquaintance_)) seen_.knows_us = true;
    seen_.inputs_are_told = true;
    std::map<std::string, std::string> still_nobodys;
    for (const auto& candidate : candidates_) {
        const auto input = parts_.inputs.by_prediction.find(candidate.prediction);
        if (input == parts_.inputs.by_prediction.end()) {
            show_unread(candidate);
            continue;
        }
        const bool is_plainly_anothers = contradicts_all(own, input->second);
        const bool may_be_ours = show(candidate, own, input->second, is_plainly_anothers);
        // What may not have been complete yet is asked for again.
        const bool is_anothers = is_plainly_anothers || (!may_be_ours && parts_.inputs.are_told == true &&
                                                         says_something(input->second));
        if (is_anothers) still_nobodys.insert(*input);
    }
    parts_.inputs.by_prediction = std::move(still_nobodys); // What has left the list is forgotten.
    return std::move(seen_);
}

void ListLook::show_unread(const Candidate& candidate) {
    seen_.unread.push_back({.prediction = candidate.prediction, .created_at = candidate.created_at});
}

/// The held shot whose webhook the prediction called, and whose input it shows.
std::optional<ShotRef> ListLook::held_that_called(const std::string& prediction,
                                                  const std::string& shown) const {
    for (const auto& [ref, active] : parts_.ledger.active()) {
        const bool called = active.called == prediction && parts_.ledger.shot(ref).state == ShotState::held;
        if (called && eachlabs::canonical_json(parts_.journal.shot(ref).shot.input) == shown) return ref;
    }
    return std::nullopt;
}

/// True when it may be ours.
bool ListLook::show(const Candidate& candidate, const std::map<ShotRef, std::string>& own,
                    const std::string& shown, bool is_plainly_anothers) {
    Sighting sighting{.prediction = candidate.prediction, .created_at = candidate.created_at, .equals = {}};
    for (const auto& [ref, text] : own) {
        if (text == shown) sighting.equals.push_back(ref);
    }
    if (const auto held = held_that_called(candidate.prediction, shown)) sighting.equals = {*held};
    const bool equals = !sighting.equals.empty();
    const bool may_be = equals || may_be_ours(own, shown, is_plainly_anothers);
    if (may_be && !candidate.adoptable) {
        show_unread(candidate);
        return true;
    }
    if (may_be && !equals) seen_.inputs_are_told = false;
    seen_.sightings.push_back(std::move(sighting));
    return may_be;
}

} // namespace reeld
