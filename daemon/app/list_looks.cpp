#include "daemon/app/list_looks.h"

#include "jobs/eachlabs/canonical_json.h"
#include "jobs/queue/settling.h"

#include <algorithm>

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

} // namespace

ListLooks::ListLooks(Loop& loop, ProviderHttp& provider, const Journal& journal, const Ledger& ledger,
                     std::function<void(Fact)> record)
    : loop_(loop), provider_(provider), journal_(journal), ledger_(ledger), record_(std::move(record)) {}

void ListLooks::look(const std::string& model) {
    const Instant now = loop_.now().at;
    const auto round = rounds_.insert_or_assign(model, Round{}).first;
    round->second.seen = {
        .model = model, .asked_at = now, .as_of = {}, .answered_at = now, .complete = true, .sightings = {}};
    if (const auto clock = provider_.clock_at(now)) {
        round->second.asked_from = look_from(ledger_, model, *clock, now);
    }
    ask_page(round);
}

void ListLooks::ask_page(RoundIt round) {
    const auto& it = round->second;
    provider_.ask(eachlabs::list_call(it.seen.model, it.asked_from, it.offset),
                  [this, round](HttpAnswer&& answer) { on_page(round, answer); });
}

void ListLooks::fail(RoundIt round, int http_status, std::string cause, std::optional<Duration> retry_after) {
    event::ListFailed failed{.model = round->first,
                             .asked_at = round->second.seen.asked_at,
                             .http_status = http_status,
                             .cause = std::move(cause),
                             .retry_after = retry_after};
    rounds_.erase(round);
    record_(std::move(failed));
}

void ListLooks::on_page(RoundIt round, const HttpAnswer& answer) {
    if (answer.outcome != HttpAnswer::Outcome::answered)
        return fail(round, answer.status, answer.cause, std::nullopt);
    const auto verdict = eachlabs::read_list(as_answer(answer));
    if (const auto* none = std::get_if<eachlabs::NoNews>(&verdict))
        return fail(round, none->http_status, none->cause, none->retry_after);
    const auto& page = std::get<eachlabs::ExecutionPage>(verdict);
    if (!page.as_of)
        return fail(round, answer.status, "the list does not say of what time it is (no Date header)", {});
    auto& it = round->second;
    if (it.offset == 0) {
        it.seen.as_of = *page.as_of;
        it.seen.answered_at = loop_.now().at;
        it.from = look_from(ledger_, it.seen.model, *page.as_of, it.seen.answered_at);
    }
    it.seen.as_of = std::min(it.seen.as_of, *page.as_of);
    if (take_page(it, page)) return ask_page(round);
    ask_next_input(round);
}

/// Takes a page in and returns whether another one is wanted.
bool ListLooks::take_page(Round& round, const eachlabs::ExecutionPage& page) {
    bool overlaps = round.offset == 0;
    bool reached_the_past = false;
    for (const auto& execution : page.executions) {
        overlaps = overlaps || execution.id == round.last_id;
        // Without its time an execution can be neither adopted nor ruled out.
        if (!execution.created_at) round.seen.complete = false;
        if (!execution.created_at) continue;
        if (*execution.created_at < *round.from) {
            reached_the_past = true;
            continue;
        }
        const auto is_it = [&](const Candidate& candidate) {
            return candidate.prediction == execution.id;
        };
        if (std::any_of(round.candidates.begin(), round.candidates.end(), is_it)) continue;
        if (!journal_.knows_prediction(execution.id))
            round.candidates.push_back({.prediction = execution.id, .created_at = *execution.created_at});
    }
    if (page.unreadable || !overlaps) round.seen.complete = false;
    if (page.rows < eachlabs::kListLimit || reached_the_past || page.executions.empty()) return false;
    round.last_id = page.executions.back().id;
    round.offset += eachlabs::kListLimit - kPageOverlap;
    if (round.offset < kPagesMax * (eachlabs::kListLimit - kPageOverlap)) return true;
    round.seen.complete = false;
    return false;
}

void ListLooks::ask_next_input(RoundIt round) {
    auto& it = round->second;
    const auto& known = inputs_[it.seen.model];
    const auto next = std::find_if(
        it.candidates.begin() + static_cast<std::ptrdiff_t>(it.next_candidate), it.candidates.end(),
        [&](const Candidate& candidate) { return !known.contains(candidate.prediction); });
    it.next_candidate = static_cast<std::size_t>(next - it.candidates.begin());
    if (next == it.candidates.end()) return report(round);
    if (it.inputs_asked++ == kInputsMax) {
        it.seen.complete = false;
        return report(round);
    }
    provider_.ask(eachlabs::poll_call(next->prediction),
                  [this, round](HttpAnswer&& answer) { on_input(round, answer); });
}

void ListLooks::on_input(RoundIt round, const HttpAnswer& answer) {
    auto& it = round->second;
    const auto& candidate = it.candidates[it.next_candidate++];
    eachlabs::EchoVerdict verdict = eachlabs::NoNews{};
    if (answer.outcome == HttpAnswer::Outcome::answered) verdict = eachlabs::read_echo(as_answer(answer));
    if (auto* echo = std::get_if<eachlabs::Echo>(&verdict)) {
        inputs_[it.seen.model][candidate.prediction] = std::move(echo->input);
    } else {
        it.seen.complete = false; // It may be ours.
    }
    ask_next_input(round);
}

std::map<ShotRef, std::string> ListLooks::inputs_in_question(const std::string& model) const {
    std::map<ShotRef, std::string> inputs;
    for (const auto& [ref, active] : ledger_.active()) {
        const auto state = ledger_.shot(ref).state;
        const bool in_question = state == ShotState::creating || state == ShotState::in_doubt;
        if (!in_question || ledger_.duration_kind(ref).model != model) continue;
        if (auto input = eachlabs::canonical_json(journal_.shot(ref).shot.input))
            inputs[ref] = *std::move(input);
    }
    return inputs;
}

void ListLooks::report(RoundIt round) {
    auto seen = std::move(round->second.seen);
    const auto candidates = std::move(round->second.candidates);
    rounds_.erase(round);
    const auto own = inputs_in_question(seen.model);
    auto& inputs = inputs_[seen.model];
    std::map<std::string, std::string> still_nobodys;
    for (const auto& candidate : candidates) {
        const auto input = inputs.find(candidate.prediction);
        // Its create may have been answered while the list was read.
        if (input == inputs.end() || journal_.knows_prediction(candidate.prediction)) continue;
        Sighting sighting{
            .prediction = candidate.prediction, .created_at = candidate.created_at, .equals = {}};
        for (const auto& [ref, text] : own) {
            if (text == input->second) sighting.equals.push_back(ref);
        }
        if (!sighting.equals.empty()) seen.sightings.push_back(std::move(sighting));
        still_nobodys.insert(*input);
    }
    inputs = std::move(still_nobodys); // What has left the list is forgotten.
    record_(std::move(seen));
}

} // namespace reeld
