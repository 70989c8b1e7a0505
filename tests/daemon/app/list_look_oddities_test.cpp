#include "tests/daemon/app/looking.h"

namespace reeld::test {

namespace {

constexpr const char* kForeign = R"({"input":{"prompt":"somebody else's"}})";

std::string naming(const std::string& prediction, const std::string& document) {
    return R"({"id":")" + prediction + R"(",)" + document.substr(1);
}

} // namespace

TEST_CASE("an answer about another prediction says nothing of the one that was asked for") {
    Looking it(false);
    static_cast<void>(it.asked());
    it.answer(answered(page({row("found", 1)})));
    CHECK(it.asked() == "/prediction/found");
    it.answer(answered(naming("another", kForeign)));
    REQUIRE(it.asked().empty());
    CHECK_FALSE(it.seen().complete);
    CHECK(it.seen().unread == std::vector<event::Execution>{{"found", kSent + 1s}});
    it.restart();
    static_cast<void>(it.asked());
    it.answer(answered(page({row("found", 1)})));
    CHECK(it.asked() == "/prediction/found"); // Asked once more.
    it.answer(answered(naming("found", Looking::input(0))));
    REQUIRE(it.asked().empty());
    CHECK(it.seen().sightings.at(0).equals == std::vector<ShotRef>{it.shot(0)});
}

TEST_CASE("an answer about another prediction is no witness") {
    Looking it;
    it.list_with_foreign({row("foreign", 1), row("ours", 0)});
    CHECK(it.asked() == "/prediction/ours");
    it.answer(answered(naming("another", Looking::input(2))));
    REQUIRE(it.asked().empty());
    CHECK_FALSE(it.seen().inputs_are_told);
    CHECK(it.seen().witness_unread);
}

TEST_CASE("a list that was asked for from too late on by its own clock is asked for anew, once") {
    Looking it(false);
    CHECK(it.asked().find("from=2026-11-23T00%3A58%3A55.000Z") != std::string::npos);
    auto late = answered(page({}));
    late.date = "Mon, 23 Nov 2026 00:57:30 GMT"; // Three minutes behind what was known of the clock.
    it.answer(late);
    CHECK(it.asked().find("from=2026-11-23T00%3A55%3A55.000Z") != std::string::npos);
    it.answer(late, 10ms); // By our clock, a little later; by the list's, at the same second.
    REQUIRE(it.asked().empty());
    CHECK(it.seen().complete);
}

TEST_CASE("a list whose clock falls behind from one answer to the next proves no absence") {
    Looking it(false);
    for (const char* date : {"Mon, 23 Nov 2026 00:57:30 GMT", "Mon, 23 Nov 2026 00:50:30 GMT"}) {
        static_cast<void>(it.asked());
        auto late = answered(page({}));
        late.date = date;
        it.answer(late);
    }
    REQUIRE(it.asked().empty());
    CHECK_FALSE(it.seen().complete);
}

TEST_CASE("an execution without a time is adopted by nobody, and stays in question unless it is another's") {
    for (const bool equal : {true, false}) {
        Looking it(false);
        static_cast<void>(it.asked());
        it.answer(answered(R"({"executions":[{"id":"found"}]})"));
        CHECK(it.asked() == "/prediction/found");
        it.answer(answered(equal ? Looking::input(0) : kForeign));
        REQUIRE(it.asked().empty());
        CHECK(it.seen().unread.size() == (equal ? 1 : 0));
        CHECK(it.seen().sightings.size() == (equal ? 0 : 1));
        CHECK_FALSE(it.seen().complete);
    }
}

TEST_CASE(
    "an old execution among the first of a page does not end the list, and shows that it is in no order") {
    const std::string old = R"({"id":"old","created_at":"2026-11-22T01:00:00Z"})";
    Looking it;
    static_cast<void>(it.asked());
    std::vector<std::string> rows(eachlabs::kListLimit, row("ours", 20));
    rows.front() = old;
    it.answer(answered(page(rows)));
    CHECK(it.asked().find("offset=90") != std::string::npos);
    it.answer(answered(page({row("ours", 20), old})));
    REQUIRE(it.asked().empty());
    CHECK_FALSE(it.seen().complete);
}

TEST_CASE("an execution of a model that another shot renders on is adopted by nobody here, nor forgotten") {
    Looking it(false);
    it.record(event::CreateIntended{it.shot(1), 1, "r1", kSent});
    static_cast<void>(it.asked());
    it.answer(answered(fmt::format(
        R"({{"executions":[{{"id":"found","model":"another name","created_at":"2026-11-23T01:00:02Z"}},)"
        R"({{"id":"its","model":"{}","created_at":"2026-11-23T01:00:01Z"}}]}})",
        sample_shot(1).model)));
    for (const char* prediction : {"/prediction/its", "/prediction/found"}) {
        CHECK(it.asked() == prediction);
        it.answer(answered(Looking::input(0)));
    }
    REQUIRE(it.asked().empty());
    REQUIRE(it.seen().sightings.size() == 1);
    CHECK(it.seen().sightings[0].prediction == "found");
    CHECK(it.seen().unread == std::vector<event::Execution>{{"its", kSent + 1s}});
}

TEST_CASE("rows that are dated by several machines need no perfect order") {
    Looking it(false);
    static_cast<void>(it.asked());
    it.answer(answered(R"({"executions":[{"id":"old","created_at":"2026-11-23T00:58:59Z"},)"
                       R"({"id":"foreign","created_at":"2026-11-23T00:59:00Z"}]})"));
    CHECK(it.asked() == "/prediction/foreign");
    it.answer(answered(kForeign));
    REQUIRE(it.asked().empty());
    CHECK(it.seen().complete);
}

TEST_CASE("an execution that shows less than a doubt's input, or another address in it, may be its own") {
    for (const char* shown : {R"({"input":{}})", R"({"input":{"duration":"5"}})"}) {
        Looking it;
        static_cast<void>(it.asked());
        it.answer(answered(page({row("found", 1), row("ours", 0)})));
        static_cast<void>(it.asked());
        it.answer(answered(shown));
        CHECK(it.asked() == "/prediction/ours");
        it.answer(answered(Looking::input(2)));
        REQUIRE(it.asked().empty());
        CHECK_FALSE(it.seen().inputs_are_told);
    }
}

} // namespace reeld::test
