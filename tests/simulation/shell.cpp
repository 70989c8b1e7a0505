#include "tests/simulation/shell.h"

#include "tests/simulation/hours.h"
#include "tests/simulation/ledger_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

/// Turns between two comparisons of the ledger with a replay of the journal.
constexpr std::uint64_t kTurnsPerReplay = 200;

/// A fact in a few words.
std::string described(const Fact& fact) {
    std::string text{kind_name(fact)};
    if (const ShotRef* ref = shot_of(fact)) text += fmt::format(" {}.{}", ref->batch, ref->index);
    if (const auto* intent = std::get_if<event::CreateIntended>(&fact)) text += ' ' + intent->request_id;
    if (const auto* it = std::get_if<event::CreateAccepted>(&fact)) text += ' ' + it->prediction;
    if (const auto* it = std::get_if<event::CreateLost>(&fact)) text += ": " + it->loss.cause;
    if (const auto* it = std::get_if<event::CreateHeld>(&fact)) text += ": " + it->reason;
    if (const auto* it = std::get_if<event::CreateAdopted>(&fact))
        text += fmt::format(" {} by {}", it->prediction, static_cast<int>(it->by));
    if (const auto* it = std::get_if<event::CreateDismissed>(&fact))
        text += fmt::format(" by {}, {}", static_cast<int>(it->by), it->retry_after ? "again" : "failed");
    if (const auto* it = std::get_if<event::PollFailed>(&fact)) text += fmt::format(" {}", it->http_status);
    if (const auto* it = std::get_if<event::PredictionFailed>(&fact)) text += ' ' + it->failure.error.code;
    if (const auto* it = std::get_if<event::ListLooked>(&fact)) {
        text += fmt::format(" {}{}, unknown:", it->model, it->complete ? "" : " in part");
        for (const auto& shown : it->sightings) text += ' ' + shown.prediction;
        text += ", unread:";
        for (const auto& unread : it->unread) text += ' ' + unread.prediction;
    }
    if (const auto* it = std::get_if<event::ListFailed>(&fact))
        text += fmt::format(" {} {}", it->model, it->http_status);
    if (const auto* it = std::get_if<event::CreateCalled>(&fact)) text += ' ' + it->prediction;
    return text;
}

/// As in daemon/app/stall.cpp, in the long run.
constexpr Duration kStallRetry = 5s;

} // namespace

Shell::Shell(Parts parts, Options options, int run)
    : parts_(parts), options_(std::move(options)), run_(run),
      journal_({.folder = parts.disk.folder(), .provider = "simulation", .vfs = parts.disk.vfs()}),
      queue_(options_.rules, options_.scheduling),
      hours_(queue_, true, options_.hours, [](const std::string& line) { throw Violation(line); }),
      arrivals_(journal_, queue_.ledger()), poll_facts_(queue_.ledger()) {
    start();
}

Stamp Shell::now() const {
    return {.at = Instant{parts_.clocks.since_boot() + offset_}, .wall = parts_.clocks.wall()};
}

void Shell::start() {
    parts_.manifests.start();
    parts_.audit.start({.creates = options_.rules.creates,
                        .slots = options_.rules.slots,
                        .give_up = options_.rules.give_up});
    const auto resumed =
        journal_.resume(parts_.clocks.boot_id(), parts_.clocks.since_boot(), parts_.clocks.wall());
    offset_ = resumed.offset;
    journal_.replay([this](const Event& event) {
        if (const auto why = queue_.why_illegal(event); !why.empty())
            throw Violation("the journal contradicts itself: " + why);
        queue_.apply(event);
        hours_.note(event);
        parts_.audit.replay(event);
    });
    record(event::Started{.same_boot = resumed.same_boot});
    std::vector<ShotRef> unanswered;
    for (const auto& [ref, active] : ledger().active()) {
        if (ledger().shot(ref).state == ShotState::creating) unanswered.push_back(ref);
    }
    for (const ShotRef ref : unanswered)
        record(event::CreateLost{.shot = ref, .loss = {.http_status = 0, .cause = "a crash"}});
}

void Shell::step() {
    for (const auto fault : {FaultClass::crash, FaultClass::reboot, FaultClass::power_cut}) {
        if (parts_.faults.strikes(fault)) throw Killed{fault};
    }
}

void Shell::record(Fact fact) {
    Stamp stamp = now();
    stamp.at = std::max(stamp.at, ledger().last_event_at());
    const Event event{.stamp = stamp, .fact = std::move(fact)};
    if (const auto why = queue_.why_illegal(event); !why.empty()) throw Violation(why);
    parts_.trace.say("{}", described(event.fact));
    if (is_durable(event.fact)) journal_.append(event);
    parts_.audit.record(event);
    queue_.apply(event);
    hours_.note(event);
    arrivals_.note(event);
    if (const auto* retry = std::get_if<event::RetryAsked>(&event.fact))
        parts_.manifests.take_back(retry->shot);
    if (const auto* intent = std::get_if<event::CreateIntended>(&event.fact)) {
        syncs_at_intent_[intent->request_id] = parts_.disk.syncs();
        uncommitted_intents_.insert(intent->request_id);
    }
    wake();
}

bool Shell::accept(BatchRow row, const std::vector<StoryboardShot>& shots) {
    if (journal_.name_taken(row.name)) return false;
    const BatchKey key = journal_.add_batch(row);
    journal_.add_shots(key, 0, shots);
    BatchFacts facts{.key = key, .name = row.name, .models = row.models, .shots = {}};
    for (std::uint32_t i = 0; i < shots.size(); ++i) {
        const auto& shot = shots[i];
        const auto model = std::find(row.models.begin(), row.models.end(), shot.model) - row.models.begin();
        facts.shots.push_back({.model = static_cast<std::uint16_t>(model),
                               .priority = shot.priority,
                               .clip_seconds = shot.clip_seconds});
        parts_.audit.introduce({.batch = key, .index = i}, shot.model, shot.input);
    }
    step();
    record(event::BatchAccepted{std::move(facts)});
    if (parts_.faults.strikes(FaultClass::hours_lifted))
        record(event::HoursSet{.batch = key, .hours = std::string(kAnyHours)});
    return true;
}

void Shell::end_turn() {
    if (!std::exchange(turn_wanted_, false)) return;
    step();
    if (stalled_ && parts_.clocks.now < retry_at_) return;
    while (auto fact = arrivals_.next_fact()) record(*std::move(fact));
    if (!stalled_) decide();
    if (!commit()) return;
    for (const auto& answered : std::exchange(webhook_answers_, {})) answered();
    // Not more than this commit covers: the next may fail.
    auto durable = std::exchange(decided_, {});
    if (!parts_.faults.strikes(FaultClass::slow_disk)) return perform_all(durable);
    options_.pause(parts_.dice.between(100ms, 20s));
    options_.later(Duration::zero(), [this, durable = std::move(durable)] {
        wake(); // More may be due by now.
        perform_all(durable);
    });
}

void Shell::decide() {
    hours_.refresh(now());
    more_ = false;
    while (decided_.size() < options_.actions_per_turn) {
        auto action = queue_.next(now().at);
        if (!action) return;
        promise(*action);
        decided_.push_back(std::move(*action));
        step();
    }
    more_ = true;
}

/// By the clock on the wall, which hours are about.
void Shell::check_hours(ShotRef shot) const {
    if (options_.hours.empty() || ledger().batch(shot.batch).hours == kAnyHours) return;
    const auto of_hour = now().wall.time_since_epoch() % 1h;
    if (of_hour >= kOpenOfHour)
        throw Violation(fmt::format("a create of batch {} outside of its hours", shot.batch));
}

void Shell::promise(const Action& action) {
    if (const auto* create = std::get_if<action::Create>(&action)) {
        check_hours(create->shot);
        const auto number = fmt::format("{}-{}", run_, ++requests_);
        record(event::CreateIntended{.shot = create->shot,
                                     .attempt = create->attempt,
                                     .request_id = "r-" + number,
                                     .provider_at = clock_.latest(now().at),
                                     .webhook = options_.webhooks ? "t-" + number : "",
                                     .webhook_secret = options_.webhooks ? "s-" + number : ""});
    } else if (const auto* cancel = std::get_if<action::Cancel>(&action)) {
        record(event::PredictionOverdue{.shot = cancel->shot});
    } else if (const auto* settled = std::get_if<action::Settle>(&action)) {
        std::visit([this](const auto& fact) { record(fact); }, settled->fact);
    }
}

bool Shell::commit() {
    auto& disk = parts_.disk;
    disk.full = parts_.faults.rages(FaultClass::disk_full, parts_.clocks.now);
    disk.syncs_fail = parts_.faults.strikes(FaultClass::failing_sync);
    if (parts_.faults.strikes(FaultClass::crash_in_commit)) disk.die_after(1 + parts_.dice.roll(6));
    const auto error = journal_.commit();
    if (disk.dead()) throw Killed{FaultClass::crash_in_commit};
    disk.die_after(UINT64_MAX);
    if (error && journal_.failed()) throw Killed{FaultClass::failing_sync};
    if (error) {
        parts_.trace.say("the journal stalls");
        stalled_ = true;
        retry_at_ = parts_.clocks.now + kStallRetry;
        options_.later(kStallRetry, [this] { wake(); });
        return false;
    }
    uncommitted_intents_.clear();
    if (std::exchange(stalled_, false)) more_ = true; // Nothing was decided in this turn.
    step();
    return true;
}

void Shell::perform_all(const std::vector<Action>& durable) {
    for (const Action& action : durable) {
        perform(action);
        step();
    }
    ask_questions();
    step_paperwork();
    if (more_) wake();
    plan_wake_up();
    // What was recorded in this turn after its commit is not in the journal yet.
    if (++turns_ % kTurnsPerReplay == 0 && !turn_wanted_) check_replay();
}

void Shell::perform(const Action& action) {
    if (const auto* create = std::get_if<action::Create>(&action)) {
        const bool late = now().at - ledger().active().at(create->shot).intended_at > kIntentAgeMax;
        if (late) return record(event::CreateNotSent{.shot = create->shot, .cause = "a slow disk"});
        perform_create(create->shot);
    } else if (const auto* poll = std::get_if<action::Poll>(&action)) {
        perform_poll(*poll);
    } else if (const auto* cancel = std::get_if<action::Cancel>(&action)) {
        ask(Network::Kind::ask, eachlabs::cancel_call(cancel->prediction), [](HttpAnswer&&) {});
    } else if (const auto* look = std::get_if<action::Look>(&action)) {
        const ListLook::Parts parts{
            .journal = journal_, .ledger = queue_.ledger(), .inputs = inputs_[look->model]};
        looks_.try_emplace(look->model, parts, *look, now().at, clock_.earliest(now().at));
        go_on_looking(look->model);
    } else if (const auto* strays = std::get_if<action::ReportStrays>(&action)) {
        for (const auto& id : strays->predictions) parts_.trace.say("stray {}", id);
        parts_.audit.reported(strays->predictions);
    } else if (const auto* line = std::get_if<action::AppendLine>(&action)) {
        if (is_final(ledger().shot(line->shot).state)) parts_.manifests.append_line(line->shot);
    } else if (const auto* manifest = std::get_if<action::WriteManifest>(&action)) {
        if (ledger().batch(manifest->batch).all_final()) parts_.manifests.write_document(manifest->batch);
    }
}

void Shell::ask(Network::Kind kind, const eachlabs::Call& call, Network::Done done) {
    parts_.network.send(
        kind, call,
        [this, later = options_.later, asked_at = now().at, done = std::move(done)](HttpAnswer&& answer) {
            later(Duration::zero(), [this, asked_at, done, answer] {
                hear(answer, asked_at);
                done(HttpAnswer{answer});
            });
        });
}

void Shell::perform_create(ShotRef ref) {
    const auto row = journal_.shot(ref);
    const auto& active = ledger().active().at(ref);
    const auto& request_id = active.request_id;
    if (uncommitted_intents_.contains(request_id) || !parts_.disk.log_synced() ||
        syncs_at_intent_.at(request_id) == parts_.disk.syncs())
        throw Violation("a create leaves before its intent is durable");
    parts_.trace.say("send {} for {}.{}", request_id, ref.batch, ref.index);
    parts_.audit.sent(ref, request_id);
    eachlabs::WebhookWish wish;
    if (!active.webhook.empty()) wish = {"https://hooks/" + active.webhook, active.webhook_secret};
    ask(Network::Kind::create, eachlabs::create_call(row.shot.model, row.shot.input, request_id, wish),
        [this, ref](HttpAnswer&& answer) { record(create_fact(ref, answer, journal_)); });
}

void Shell::perform_poll(const action::Poll& poll) {
    ask(Network::Kind::ask, eachlabs::poll_call(poll.prediction),
        [this, ref = poll.shot](HttpAnswer&& answer) { record(poll_facts_.read(ref, answer)); });
}

void Shell::call(const WebhookCall& call, std::function<void()> answered) {
    const bool known = arrivals_.arrived(call, now().at);
    parts_.trace.say("webhook {} for {}: {}", call.token, call.prediction, known ? "known" : "nobody's");
    if (!known) return;
    webhook_answers_.push_back(std::move(answered));
    wake();
}

void Shell::ask_questions() {
    while (auto question = arrivals_.next_question(now().at)) {
        ask(Network::Kind::ask, eachlabs::poll_call(question->prediction),
            [this, question = *question](HttpAnswer&& answer) {
                if (auto fact = arrivals_.answered(question, answer, now().at)) record(*std::move(fact));
                wake();
            });
    }
}

void Shell::go_on_looking(const std::string& model) {
    const auto look = looks_.find(model);
    auto next = look->second.next();
    if (auto* fact = std::get_if<Fact>(&next)) {
        looks_.erase(look);
        return record(std::move(*fact));
    }
    ask(Network::Kind::ask, std::get<eachlabs::Call>(next), [this, model](HttpAnswer&& answer) {
        looks_.at(model).take(answer, now().at);
        go_on_looking(model);
    });
}

void Shell::step_paperwork() {
    while (parts_.manifests.busy()) {
        if (parts_.faults.rages(FaultClass::output_full, parts_.clocks.now)) {
            if (std::exchange(paperwork_waits_, true)) return;
            return options_.later(5s, [this] {
                paperwork_waits_ = false;
                wake();
            });
        }
        step();
        const BatchKey done = parts_.manifests.write_next(journal_, ledger());
        if (done != 0) record(event::ManifestWritten{.batch = done});
    }
}

void Shell::plan_wake_up() {
    const Instant at = now().at;
    const Instant wake_at =
        std::min({queue_.wake_at(at), std::max(at, arrivals_.wake_at()), std::max(at, hours_.wake_at())});
    if (turn_wanted_ || wake_at == Instant::max()) return;
    if (queue_.wake_at(at) <= at) throw Violation("wake_at() is now although next() has nothing");
    if (alarm_ && *alarm_ <= wake_at && *alarm_ > at) return;
    alarm_ = wake_at;
    options_.later(wake_at - at, [this] { wake(); });
}

bool Shell::all_done() const {
    return std::all_of(ledger().batches().begin(), ledger().batches().end(),
                       [](const auto& it) { return it.second.manifest_written; });
}

void Shell::check_replay() const {
    Queue replayed{options_.rules, options_.scheduling};
    journal_.replay([&](const Event& event) { replayed.apply(event); });
    const auto what = difference(queue_.ledger(), replayed.ledger(), now().at);
    if (!what.empty()) throw Violation("a replay of the journal makes another ledger: " + what);
}

} // namespace reeld::test
