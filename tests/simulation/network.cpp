#include "tests/simulation/network.h"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

HttpAnswer no_answer(HttpAnswer::Outcome outcome, std::string cause, int status = 0) {
    HttpAnswer answer;
    answer.outcome = outcome;
    answer.status = status;
    answer.cause = std::move(cause);
    return answer;
}

} // namespace

struct Network::Waiting {
    Done done;
    void end(HttpAnswer&& answer) {
        if (auto told = std::exchange(done, nullptr)) told(std::move(answer));
    }
};

void Network::send(Kind kind, const eachlabs::Call& call, Done done) {
    auto& faults = parts_.faults;
    const Moment now = parts_.clocks.now;
    const bool is_list = call.path.starts_with("/executions");
    const auto waiting = std::make_shared<Waiting>(Waiting{std::move(done)});
    if (faults.rages(FaultClass::unreachable, now) ||
        (is_list && faults.rages(FaultClass::list_unreachable, now)) ||
        faults.strikes(FaultClass::not_sent)) {
        return after(latency(),
                     [waiting] { waiting->end(no_answer(HttpAnswer::Outcome::not_sent, "no route")); });
    }
    const Duration timeout = kind == Kind::create ? kCreateTimeout : kAskTimeout;
    after(timeout, [waiting] { waiting->end(no_answer(HttpAnswer::Outcome::lost, "no answer in time")); });
    if (kind == Kind::create && faults.strikes(FaultClass::late_arrival)) {
        const auto late = std::make_shared<Late>(Late{[this, kind, call, waiting] {
            arrive(kind, call, waiting, true);
        }});
        late_.push_back(late);
        return after(timeout + parts_.dice.between(0s, late_max_), [late] { late->arrive_once(); });
    }
    if (strikes(kind, FaultClass::request_lost)) return;
    after(latency(), [this, kind, call, waiting] { arrive(kind, call, waiting, false); });
}

bool Network::strikes(Kind kind, FaultClass fault) {
    return parts_.faults.strikes(fault) || (kind == Kind::create && parts_.faults.strikes(fault));
}

void Network::hang_up() {
    for (const auto& late : std::exchange(late_, {}))
        after(parts_.dice.between(0s, late_max_), [late] { late->arrive_once(); });
}

void Network::arrive(Kind kind, const eachlabs::Call& call, const std::shared_ptr<Waiting>& waiting,
                     bool silent) {
    HttpAnswer answer = kind == Kind::create ? parts_.provider.create(call) : parts_.provider.answer(call);
    if (kind == Kind::create) {
        arrived_(call);
        if (auto delayed = parts_.provider.take_delayed()) {
            after(delayed->after, [this, later = delayed->call] {
                parts_.provider.execute(later);
                arrived_(later);
            });
        }
    }
    if (silent || strikes(kind, FaultClass::answer_lost)) return;
    Duration way = latency();
    if (parts_.faults.strikes(FaultClass::late_answer)) way = parts_.dice.between(10s, 70s);
    spoil(answer);
    after(way, [waiting, answer] { waiting->end(HttpAnswer{answer}); });
}

void Network::spoil(HttpAnswer& answer) {
    auto& faults = parts_.faults;
    if (faults.strikes(FaultClass::garbled_answer)) {
        static constexpr std::array<std::string_view, 5> kNonsense = {
            "", "<html>Bad gateway</html>", R"({"status":)", "null", R"(["predictionID"])"};
        answer.body = kNonsense.at(parts_.dice.roll(kNonsense.size()));
        if (parts_.dice.chance(0.2)) answer.date.clear();
    } else if (faults.strikes(FaultClass::cut_answer)) {
        answer = no_answer(HttpAnswer::Outcome::lost, "the connection ended in the middle of the answer",
                           answer.status);
    } else if (faults.strikes(FaultClass::huge_answer)) {
        answer = no_answer(HttpAnswer::Outcome::lost, "the answer is too long", answer.status);
    }
}

} // namespace reeld::test
