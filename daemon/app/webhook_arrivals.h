/// What webhooks that arrive mean: whose they are, and what is to be recorded or asked because of them.
///
/// A webhook is a hint. Of a prediction that renders it makes a poll come now. One that comes before the
/// create's answer is kept until that answer. Should the answer be lost, it names the prediction that the
/// create has made; which is adopted when the provider shows it with exactly the shot's input and it is
/// nobody else's, so that the webhook alone decides nothing. Whatever else arrives changes nothing.
///
/// Every live create with a webhook has a route: its token leads to its shot. Tokens are found by their
/// digest and compared in constant time, like secrets. Knows no clock and sends nothing: whoever has those
/// performs the questions. Threading: none. Borrows the journal and the ledger.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/net/http.h"
#include "jobs/queue/backoff.h"
#include "jobs/queue/ledger.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace reeld {

/// A webhook as it arrived. Views: copy what is needed later.
struct WebhookCall {
    std::string_view token;      ///< The last part of its path.
    std::string_view secret;     ///< That it showed; may be empty.
    std::string_view prediction; ///< That it says has ended; may be empty.
};

class WebhookArrivals {
public:
    /// Polls that the webhooks of one create can cause; the provider tries three times. Those that are
    /// replayed beyond it are nothing new.
    static constexpr int kHintsMax = 4;

    /// A prediction that a webhook names is asked for its input until the answer tells: the waits between
    /// two times.
    static constexpr Backoff kQuestions{.base = std::chrono::seconds{1}, .max = std::chrono::minutes{5}};

    WebhookArrivals(const Journal& journal, const Ledger& ledger) : journal_(journal), ledger_(ledger) {}

    /// Takes note of an event that the ledger has just applied. Until Started, there are no routes; from then
    /// on what called a create without an answer before it is asked about once more.
    void note(const Event& event);

    /// True when the call is one of a live create's: right token, right secret, and no other prediction than
    /// that create's as far as it is known.
    [[nodiscard]] bool arrived(const WebhookCall& call, Instant now);

    /// What is to be recorded now: CreateCalled or WebhookArrived; nothing when nothing is.
    [[nodiscard]] std::optional<Fact> next_fact();

    /// A prediction that is to be asked for, since it may be the one that a lost create has made.
    struct Question {
        ShotRef shot;
        std::string prediction;
    };
    /// One that is due; it counts as under way until answered().
    [[nodiscard]] std::optional<Question> next_question(Instant now);
    /// What the answer to the poll of the question's prediction proves: CreateAdopted, or nothing.
    [[nodiscard]] std::optional<Fact> answered(const Question& question, const HttpAnswer& answer,
                                               Instant now);

    /// When next_question() will have one; Instant::max() for never.
    [[nodiscard]] Instant wake_at() const;

private:
    /// Of one live create.
    struct Route {
        std::string digest;     ///< Of the token.
        std::string prediction; ///< That a webhook named while the create's was not known; may be empty.
        int hints = 0;
        bool asked = false;            ///< The provider is, or will be, asked about `prediction`.
        std::optional<Instant> ask_at; ///< When; empty while it is being asked.
        int questions = 0;             ///< Of all predictions that were named.
    };

    void open(ShotRef shot);
    void close(ShotRef shot);
    void hint(ShotRef shot, Route& route);
    [[nodiscard]] static Duration wait_to_ask(ShotRef shot, const Route& route);
    void note_answer(ShotRef shot, Route& route, Instant now);
    [[nodiscard]] std::optional<ShotRef> shot_of_call(const WebhookCall& call) const;
    void refute(const Question& question);
    [[nodiscard]] bool may_be_adopted(const Question& question) const;
    [[nodiscard]] bool is_nobodys(const std::string& prediction) const;
    [[nodiscard]] bool in_question(ShotRef shot) const;

    const Journal& journal_;
    const Ledger& ledger_;
    std::map<ShotRef, Route> routes_;
    std::unordered_map<std::string, ShotRef> by_digest_;
    std::deque<event::WebhookArrived> hints_;
    std::deque<event::CreateCalled> calls_; ///< That came before it was known what the create has made.
};

} // namespace reeld
