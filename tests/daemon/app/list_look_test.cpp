#include "tests/daemon/app/looking.h"

namespace reeld::test {

TEST_CASE("a look asks for the model's list from somewhat more than a minute before the send, and each "
          "unknown execution for "
          "its input") {
    Looking it;
    CHECK(it.asked().find("from=2026-11-23T00%3A58%3A55.000Z") != std::string::npos);
    it.answer(answered(page({row("found", 1), row("ours", 0)})));
    CHECK(it.asked() == "/prediction/found");
    it.answer(answered(Looking::input(0)));
    CHECK(it.asked() == "/prediction/ours"); // Whether inputs are shown as they were sent.
    it.answer(answered(Looking::input(2)));
    REQUIRE(it.asked().empty());
    const auto& seen = it.seen();
    CHECK(seen.complete);
    CHECK(seen.inputs_are_told);
    REQUIRE(seen.sightings.size() == 1);
    CHECK(seen.sightings[0].prediction == "found");
    CHECK(seen.sightings[0].created_at == kSent + 1s);
    CHECK(seen.sightings[0].equals == std::vector<ShotRef>{it.shot(0)});
}

TEST_CASE("an execution is asked for its input once, however many looks see it") {
    Looking it(false);
    for (int look = 0; look < 2; ++look) {
        CHECK(it.asked().starts_with("/executions"));
        it.answer(answered(page({row("foreign", 1)})));
        CHECK(it.asked() == (look == 0 ? "/prediction/foreign" : ""));
        if (look == 0) {
            it.answer(answered(R"({"input":{"prompt":"somebody else's"}})"));
            CHECK(it.asked().empty());
        }
        CHECK(it.seen().sightings.at(0).equals.empty());
        it.restart();
    }
}

TEST_CASE("an execution that shows little of its input is asked again, since it may not be written yet") {
    Looking it(false);
    for (const std::string& shown : {std::string(R"({"input":{}})"), Looking::input(0)}) {
        CHECK(it.asked().starts_with("/executions"));
        it.answer(answered(page({row("found", 1)})));
        CHECK(it.asked() == "/prediction/found");
        it.answer(answered(shown));
        REQUIRE(it.asked().empty());
        CHECK(it.seen().inputs_are_told == (shown == Looking::input(0)));
        it.restart();
    }
}

TEST_CASE(
    "the execution that comes first after the send is read first, and those that cannot be read are told") {
    Looking it(false);
    static_cast<void>(it.asked());
    it.answer(answered(page({row("late", 9), row("early", 1)})));
    CHECK(it.asked() == "/prediction/early");
    it.answer(answered("{}", 500));
    CHECK(it.asked() == "/prediction/late");
    it.answer(answered(Looking::input(0)));
    REQUIRE(it.asked().empty());
    CHECK_FALSE(it.seen().complete);
    CHECK(it.seen().unread == std::vector<event::Execution>{{"early", kSent + 1s}});
    CHECK(it.seen().sightings.at(0).prediction == "late");
}

TEST_CASE("where nothing ever was ours, an execution with another text is somebody else's, as documented") {
    for (const bool resembles : {false, true}) {
        Looking it(false);
        static_cast<void>(it.asked());
        it.answer(answered(page({row("foreign", 1)})));
        static_cast<void>(it.asked());
        const std::string& sent = sample_shot(0).input;
        it.answer(answered(resembles
                               ? fmt::format(R"({{"input":{},"seed":1}}}})", sent.substr(0, sent.size() - 1))
                               : R"({"input":{"prompt":"somebody else's"}})"));
        REQUIRE(it.asked().empty());
        CHECK(it.seen().inputs_are_told == !resembles);
    }
}

TEST_CASE(
    "a witness that could not be read leaves it open whether inputs are shown as they were sent, and says "
    "whether the next look may tell") {
    for (const auto& [told, status, unread] :
         {std::tuple{"{}", 500, true}, std::tuple{"<html>", 200, true}, std::tuple{"{}", 429, true},
          std::tuple{R"({"id":"ours","status":"processing"})", 200, true},
          std::tuple{R"({"error":"no such prediction"})", 404, false},
          std::tuple{R"({"input":{"prompt":"written anew"}})", 200, false}}) {
        const std::string words = told; // The compiler captures no part of a tuple.
        CAPTURE(words);
        Looking it;
        it.list_with_foreign({row("foreign", 1), row("ours", 0)});
        CHECK(it.asked() == "/prediction/ours");
        it.answer(answered(told, status));
        REQUIRE(it.asked().empty());
        CHECK_FALSE(it.seen().inputs_are_told);
        CHECK(it.seen().complete);
        CHECK(it.seen().witness_unread == unread);
    }
}

TEST_CASE("a witness that cannot be reached is unread as well") {
    Looking it;
    it.list_with_foreign({row("foreign", 1), row("ours", 0)});
    CHECK(it.asked() == "/prediction/ours");
    it.answer(HttpAnswer{});
    REQUIRE(it.asked().empty());
    CHECK(it.seen().witness_unread);
}

TEST_CASE("where the list shows nothing of ours, the journal's latest prediction is the witness") {
    for (const bool told : {false, true}) {
        Looking it;
        it.list_with_foreign({row("foreign", 1)});
        CHECK(it.asked() == "/prediction/ours");
        it.answer(answered(told ? Looking::input(2) : R"({"input":{"prompt":"written anew"}})"));
        REQUIRE(it.asked().empty());
        CHECK(it.seen().inputs_are_told == told);
    }
}

TEST_CASE("what cannot be ours, where inputs are shown as they were sent, is asked for once") {
    const char* film =
        R"({"input":{"multi_prompt":[{"prompt":"somebody else's film"}]}})"; // No text of ours.
    const char* form = R"({"input":{"multi_prompt":[]}})";                   // Not filled in yet.
    for (const auto& [told, shown, again] :
         {std::tuple{true, film, false}, std::tuple{false, film, true}, std::tuple{true, form, true}}) {
        Looking it;
        const std::string list = page({row("foreign", 1), row("ours", 0)});
        static_cast<void>(it.asked());
        it.answer(answered(list));
        CHECK(it.asked() == "/prediction/foreign");
        it.answer(answered(shown));
        CHECK(it.asked() == "/prediction/ours");
        it.answer(answered(told ? Looking::input(2) : R"({"input":{"prompt":"written anew"}})"));
        REQUIRE(it.asked().empty());
        it.restart();
        static_cast<void>(it.asked());
        it.answer(answered(list));
        CHECK(it.asked() == (again ? "/prediction/foreign" : ""));
    }
}

TEST_CASE("what called the webhook of a held shot, and shows its input, equals that shot and no other") {
    for (const char* caller : {"found", "another"}) {
        Looking it(false);
        it.record(event::CreateCalled{it.shot(0), caller});
        it.record(event::CreateHeld{it.shot(0), "no list"});
        it.record(event::CreateIntended{it.shot(2), 1, "r2", kSent});
        it.record(event::CreateLost{it.shot(2), {0, "reset"}});
        it.restart();
        static_cast<void>(it.asked());
        it.answer(answered(page({row("found", 1)})));
        CHECK(it.asked() == "/prediction/found");
        it.answer(answered(Looking::input(0)));
        REQUIRE(it.asked().empty());
        REQUIRE(it.seen().sightings.size() == 1);
        const std::vector<ShotRef> own{it.shot(0)};
        CHECK(it.seen().sightings[0].equals ==
              (caller == std::string{"found"} ? own : std::vector<ShotRef>{}));
    }
}

TEST_CASE("a look tells which predictions of ours it was shown, and whether the provider knows us at all") {
    Looking shown;
    static_cast<void>(shown.asked());
    shown.answer(answered(page({row("ours", 0)})));
    REQUIRE(shown.asked().empty());
    CHECK(shown.seen().ours == std::vector<std::string>{"ours"});
    CHECK(shown.seen().knows_us == true);
    for (const auto& [told, known] : {std::pair{R"({"id":"ours","status":"processing"})", true},
                                      {R"({"id":"another","status":"processing"})", false},
                                      {R"({"status":"processing"})", false}}) {
        Looking it;
        static_cast<void>(it.asked());
        it.answer(answered(page({})));
        CHECK(it.asked() == "/prediction/ours");
        it.answer(answered(told));
        REQUIRE(it.asked().empty());
        CHECK(it.seen().knows_us == known);
    }
    Looking nothing_ours(false);
    static_cast<void>(nothing_ours.asked());
    nothing_ours.answer(answered(page({})));
    REQUIRE(nothing_ours.asked().empty());
    CHECK_FALSE(nothing_ours.seen().knows_us.has_value());
}

TEST_CASE("a prediction from after the create does not tell that the provider knew us before it") {
    for (const int status : {200, 404}) {
        Looking it;
        it.record(event::CreateIntended{it.shot(1), 1, "r1", kSent + 5s}, 5s);
        it.record(event::CreateAccepted{it.shot(1), "newer", 200}, 5s); // With another account's key?
        it.restart();
        static_cast<void>(it.asked());
        it.answer(answered(page({row("newer", 5)})));
        CHECK(it.asked() == "/prediction/ours");
        it.answer(answered(R"({"id":"ours","status":"success"})", status));
        REQUIRE(it.asked().empty());
        CHECK(it.seen().ours == std::vector<std::string>{"newer"});
        CHECK(it.seen().knows_us == (status == 200));
    }
}

TEST_CASE(
    "another model's prediction says whether the provider knew us, not how this model's inputs are shown") {
    Looking it;
    it.record(event::CreateIntended{it.shot(1), 1, "r1", kSent});
    it.record(event::CreateAccepted{it.shot(1), "other", 200});
    it.restart();
    it.list_with_foreign({row("foreign", 1), row("ours", 0)});
    CHECK(it.asked() == "/prediction/other");
    it.answer(answered(fmt::format(R"({{"id":"other","input":{}}})", sample_shot(1).input)));
    CHECK(it.asked() == "/prediction/ours");
    it.answer(answered(R"({"input":{"prompt":"written anew"}})"));
    REQUIRE(it.asked().empty());
    CHECK(it.seen().knows_us == true);
    CHECK_FALSE(it.seen().inputs_are_told);
}

TEST_CASE("a look reads as far back as it is told to, and takes nothing from there for a doubt's own") {
    Looking it;
    it.back_to = it.sent_at() - 10min;
    it.restart();
    CHECK(it.asked().find("from=2026-11-23T00%3A48%3A55.000Z") != std::string::npos);
    it.answer(answered(R"({"executions":[{"id":"ours","created_at":"2026-11-23T00:50:00Z"},)"
                       R"({"id":"old","created_at":"2026-11-23T00:50:01Z"}]})"));
    REQUIRE(it.asked().empty());
    CHECK(it.seen().ours == std::vector<std::string>{"ours"});
    CHECK(it.seen().sightings.empty());
}

TEST_CASE("a create that is answered while the list is read is a witness, too") {
    for (const bool told : {false, true}) {
        Looking it(false);
        it.record(event::CreateIntended{it.shot(2), 1, "r2", kSent});
        static_cast<void>(it.asked());
        it.answer(answered(page({row("soon-ours", 1), row("foreign", 2)})));
        CHECK(it.asked() == "/prediction/soon-ours");
        it.answer(answered(told ? Looking::input(2) : R"({"input":{"prompt":"written anew"}})"));
        CHECK(it.asked() == "/prediction/foreign");
        it.accept_ours("soon-ours");
        it.answer(answered(R"({"input":{"prompt":"somebody else's"}})"));
        REQUIRE(it.asked().empty());
        REQUIRE(it.seen().sightings.size() == 1);
        CHECK(it.seen().inputs_are_told == told);
    }
}

TEST_CASE("a provider that adds to the inputs it shows is no witness") {
    Looking it;
    it.list_with_foreign({row("foreign", 1), row("ours", 0)});
    CHECK(it.asked() == "/prediction/ours");
    it.answer(
        answered(R"({"input":{"prompt":"Gull number 2 lands on a wet railing","duration":"5","seed":1}})"));
    REQUIRE(it.asked().empty());
    CHECK_FALSE(it.seen().inputs_are_told);
}

TEST_CASE("a witness does not vouch for an execution that has all of a doubt's input and more") {
    Looking it;
    static_cast<void>(it.asked());
    it.answer(answered(page({row("found", 1), row("ours", 0)})));
    static_cast<void>(it.asked());
    it.answer(answered(fmt::format(R"({{"input":{},"zoom":0.5}}}})",
                                   sample_shot(0).input.substr(0, sample_shot(0).input.size() - 1))));
    CHECK(it.asked() == "/prediction/ours");
    it.answer(answered(Looking::input(2)));
    REQUIRE(it.asked().empty());
    CHECK(it.seen().complete);
    CHECK_FALSE(it.seen().inputs_are_told);
}

TEST_CASE("a page that shows fewer executions than the provider counts proves no absence") {
    for (const int total : {1, 2}) {
        Looking it;
        static_cast<void>(it.asked());
        it.answer(answered(fmt::format(R"({{"executions":[{}],"total_count":{},"total_capped":false}})",
                                       row("ours", 0), total)));
        REQUIRE(it.asked().empty());
        CHECK(it.seen().complete == (total == 1));
    }
}

TEST_CASE("a create that is answered while the list is read is nobody else's") {
    Looking it(false);
    static_cast<void>(it.asked());
    it.answer(answered(page({row("late", 1)})));
    static_cast<void>(it.asked());
    it.answer(answered(Looking::input(0)));
    it.record(event::CreateAdopted{it.shot(0), "late", SettledBy::person});
    REQUIRE(it.asked().empty());
    CHECK(it.seen().sightings.empty());
}

TEST_CASE("a full page is followed by one that overlaps it; one that does not shows that rows have moved") {
    for (const bool overlaps : {true, false}) {
        Looking it;
        static_cast<void>(it.asked());
        std::vector<std::string> rows(eachlabs::kListLimit, row("ours", 20));
        rows.back() = row("ours-last", 20);
        it.record(event::CreateIntended{it.shot(1), 1, "r1", {}});
        it.record(event::CreateAccepted{it.shot(1), "ours-last", 200});
        it.answer(answered(page(rows)));
        CHECK(it.asked().find("offset=90") != std::string::npos);
        it.answer(answered(page({row(overlaps ? "ours-last" : "ours", 20)})));
        REQUIRE(it.asked().empty());
        CHECK(it.seen().complete == overlaps);
    }
}

TEST_CASE("what cannot be read proves no absence") {
    Looking untimed(false);
    static_cast<void>(untimed.asked());
    untimed.answer(answered(R"({"executions":[{"id":"found"}]})"));
    CHECK(untimed.asked() == "/prediction/found");
    untimed.answer(answered(R"({"input":{"prompt":"somebody else's"}})"));
    REQUIRE(untimed.asked().empty());
    CHECK_FALSE(untimed.seen().complete);
    CHECK(untimed.seen().unread.empty());

    Looking silent(false);
    static_cast<void>(silent.asked());
    silent.answer(answered(page({row("found", 1)})));
    CHECK(silent.asked() == "/prediction/found");
    silent.answer(answered("{}", 404));
    REQUIRE(silent.asked().empty());
    CHECK_FALSE(silent.seen().complete);
    CHECK(silent.seen().sightings.empty());
}

TEST_CASE("a list that is refused, or does not say of what time it is, is none") {
    Looking refused;
    static_cast<void>(refused.asked());
    refused.answer(answered(R"({"error":"no"})", 404));
    REQUIRE(refused.asked().empty());
    CHECK(refused.failed().http_status == 404);

    Looking timeless;
    static_cast<void>(timeless.asked());
    auto without_date = answered(page({}));
    without_date.date.clear();
    timeless.answer(without_date);
    REQUIRE(timeless.asked().empty());
    CHECK(timeless.failed().cause.find("Date") != std::string::npos);
}

} // namespace reeld::test
