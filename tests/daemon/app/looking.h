/// A look at the list of a provider that the test plays.
///
/// One create is in doubt, sent at kSent, and a journal on disk knows of it. The test asks what the look asks
/// next, and answers it; time stands still, half a minute after the send by either clock.
#pragma once

#include "daemon/app/list_look.h"

#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace reeld::test {

using namespace std::chrono_literals;

/// Of the sample shots with an even number.
inline constexpr const char* kModel = "kling-v3-pro-text-to-video";

/// 23 November 2026, 01:00:00 UTC, when the create in doubt was sent; and the text of times beside it.
inline constexpr WallTime kSent = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 1h;
inline constexpr const char* kDate = "Mon, 23 Nov 2026 01:00:30 GMT";

/// A row of the list, created some seconds after the send.
inline std::string row(const std::string& id, int after_s) {
    return fmt::format(R"({{"id":"{}","created_at":"2026-11-23T01:00:{:02}Z"}})", id, after_s);
}

/// The list with these rows, and no word of how many there are in all.
inline std::string page(const std::vector<std::string>& rows) {
    return fmt::format(R"({{"executions":[{}]}})", fmt::join(rows, ","));
}

inline HttpAnswer answered(std::string body, int status = 200) {
    HttpAnswer answer;
    answer.outcome = HttpAnswer::Outcome::answered;
    answer.status = status;
    answer.body = std::move(body);
    answer.date = kDate;
    answer.content_type = "application/json";
    return answer;
}

/// A journal whose shot 0 is in doubt and whose shot 2 renders as "ours", or never was sent, and a look at
/// their model's list.
class Looking {
public:
    explicit Looking(bool with_ours = true)
        : ledger_(Ledger::Rules{}), batch_(accept_sample_batch(journal_, "harbor", 4, at(0us))) {
        ledger_.apply({at(0us), event::BatchAccepted{sample_facts(batch_, "harbor", 4)}});
        record(event::CreateIntended{shot(0), 1, "r0", kSent});
        if (with_ours) {
            record(event::CreateIntended{shot(2), 1, "r2", kSent});
            accept_ours("ours");
        }
        record(event::CreateLost{shot(0), {0, "reset"}});
        restart();
    }

    void restart() {
        look_.emplace(ListLook::Parts{.journal = journal_, .ledger = ledger_, .inputs = inputs_},
                      action::Look{.model = kModel, .back_to = back_to}, now_, kSent + 30s);
    }

    /// The path that is asked next; empty when the look has ended.
    std::string asked() {
        auto next = look_->next();
        if (auto* fact = std::get_if<Fact>(&next)) {
            end_ = std::move(*fact);
            return "";
        }
        return std::get<eachlabs::Call>(next).path;
    }
    /// `later` than all before.
    void answer(const HttpAnswer& answer, Duration later = {}) { look_->take(answer, now_ + later); }

    /// What the look showed. Precondition: asked() was empty.
    [[nodiscard]] const event::ListLooked& seen() const { return std::get<event::ListLooked>(end_); }
    [[nodiscard]] const event::ListFailed& failed() const { return std::get<event::ListFailed>(end_); }

    [[nodiscard]] ShotRef shot(std::uint32_t index) const { return {.batch = batch_, .index = index}; }
    [[nodiscard]] static std::string input(std::uint32_t index) {
        return fmt::format(R"({{"status":"processing","input":{}}})", sample_shot(index).input);
    }

    /// The list shows these rows, and "foreign", the only unknown one of them, another text than the doubt's.
    void list_with_foreign(const std::vector<std::string>& rows) {
        static_cast<void>(asked());
        answer(answered(page(rows)));
        CHECK(asked() == "/prediction/foreign");
        answer(answered(R"({"input":{"prompt":"somebody else's"}})"));
    }

    [[nodiscard]] Instant sent_at() const { return now_ - 30s; }

    /// Shot 2 gets its prediction.
    void accept_ours(const std::string& prediction) {
        record(event::CreateAccepted{shot(2), prediction, 200});
    }

    void record(Fact fact, Duration later = 1us) {
        const Event event{at(later), std::move(fact)};
        REQUIRE(ledger_.why_illegal(event) == "");
        ledger_.apply(event);
        journal_.append(event);
    }

    Instant back_to = Instant::max(); ///< For the next restart().

private:
    [[nodiscard]] Stamp at(Duration later) const { return {.at = now_ - 30s + later, .wall = kSent + later}; }

    Instant now_{24h + 30s};
    TempFolder folder_;
    Journal journal_{{.folder = folder_.path(), .provider = "p", .vfs = ""}};
    Ledger ledger_;
    BatchKey batch_;
    NobodysInputs inputs_;
    std::optional<ListLook> look_;
    Fact end_;
};

} // namespace reeld::test
