#include "daemon/app/resolve.h"
#include "tests/jobs/queue/driven_queue.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

HttpAnswer told(std::string body, int status = 200) {
    HttpAnswer answer;
    answer.outcome = HttpAnswer::Outcome::answered;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

/// A journal and a ledger with a shot in doubt, of which the answer has perhaps named a prediction.
class Doubtful {
public:
    explicit Doubtful(const std::string& named = "")
        : batch_(accept_sample_batch(journal_, "harbor", 1, stamp_at(kStart))) {
        record(event::BatchAccepted{sample_facts(batch_, "harbor", 1)});
        record(event::CreateIntended{shot(), 1, "r0", {}});
        record(event::CreateLost{shot(), {0, "reset", named}});
    }
    void record(Fact fact) { ledger_.apply({stamp_at(kStart), std::move(fact)}); }
    [[nodiscard]] ShotRef shot() const { return {.batch = batch_, .index = 0}; }
    [[nodiscard]] std::string why_not(const HttpAnswer& answer) const {
        return why_not_its(ledger_, journal_, shot(), "abc-1", answer);
    }
    [[nodiscard]] std::string why_not(std::string body, int status = 200) const {
        return why_not(told(std::move(body), status));
    }

private:
    TempFolder folder_;
    Journal journal_{{.folder = folder_.path(), .provider = "p", .vfs = ""}};
    Ledger ledger_{Ledger::Rules{}};
    BatchKey batch_;
};

constexpr const char* kAnothers = R"({"id":"abc-1","status":"processing","input":{"prompt":"A dog barks."}})";

} // namespace

TEST_CASE("a prediction that a person names is the shot's when the provider tells of it") {
    const Doubtful it;
    CHECK(it.why_not(R"({"id":"abc-1","status":"processing"})").empty());
    CHECK(it.why_not(R"({"id":"abc-1","status":"error","input":)" + sample_shot(0).input + "}").empty());
    CHECK(it.why_not(R"({"id":"abc-1","status":"success","input":{"duration":5}})").empty());
}

TEST_CASE("a prediction with another text is another's, and so is one that the provider does not know") {
    const Doubtful it;
    const std::string another = "cannot have prediction abc-1: it was created with another input";
    CHECK(it.why_not(kAnothers) == another);
    CHECK(it.why_not(R"({"id":"abc-1","status":"processing","input":{"text":"A dog barks."}})") == another);
    CHECK(it.why_not(R"({"error":"no such prediction"})", 404)
              .starts_with("cannot have prediction abc-1: the provider knows none of that id"));
}

TEST_CASE("a person is believed of what a look, the answer or the webhook has named, for inputs may be shown "
          "anew") {
    Doubtful it;
    it.record(event::CreateSought{it.shot(), {{"abc-1", stamp_at(kStart).wall}}});
    CHECK(it.why_not(kAnothers).empty());
    CHECK(Doubtful("abc-1").why_not(kAnothers).empty());
    Doubtful called;
    called.record(event::CreateCalled{called.shot(), "abc-1"});
    CHECK(called.why_not(kAnothers).empty());
    CHECK_FALSE(Doubtful("abc-2").why_not(kAnothers).empty());
}

TEST_CASE("what the provider cannot be asked for now has to be said again") {
    const Doubtful it;
    const std::string begin =
        "cannot have prediction abc-1 before it was looked up, and the provider does not tell of it: ";
    CHECK(it.why_not("busy", 502) == begin + "HTTP 502: busy. Say it again when it does");
    CHECK(it.why_not(R"({"id":"abc-2","status":"processing"})")
              .starts_with(begin + "its answer does not name it"));
    HttpAnswer lost;
    lost.cause = "the connection was closed";
    CHECK(it.why_not(lost).starts_with(begin + "the connection was closed"));
}

} // namespace reeld::test
