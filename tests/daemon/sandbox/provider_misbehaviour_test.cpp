#include "tests/daemon/sandbox/rig.h"

#include <algorithm>

namespace reeld::sandbox {

using namespace test;

namespace {

struct Spoiled {
    Misbehaviour what;
    int status;
    Delivery delivery;
    bool creates;
};

/// Whether a client could take the reply for an accepted create.
bool has_id(const Reply& reply) {
    rapidjson::Document body;
    return parse_json(reply.body, body).empty() && body.IsObject() &&
           !string_member(body, "predictionID").empty();
}

/// The ids on the first page of the list.
std::vector<std::string> listed(Rig& rig) {
    const auto page = json_of(rig.ask("GET", "/v1/executions").body);
    std::vector<std::string> ids;
    for (const auto& row : page["executions"].GetArray()) ids.emplace_back(string_member(row, "id"));
    return ids;
}

Duration newest_missing_for(double speed) {
    ProviderOptions options = always(Misbehaviour::list_stale);
    options.speed = speed;
    Rig rig(options);
    rig.created();
    while (json_of(rig.ask("GET", "/v1/executions").body)["executions"].Empty()) rig.passed += 100ms;
    return rig.passed;
}

} // namespace

TEST_CASE("each spoiled create says nothing of a prediction, and exists or not as promised") {
    const std::array<Spoiled, 11> cases = {{
        {Misbehaviour::create_500, 500, Delivery::whole, false},
        {Misbehaviour::create_500_created, 500, Delivery::whole, true},
        {Misbehaviour::create_dropped, 200, Delivery::close, false},
        {Misbehaviour::create_lost, 200, Delivery::close, true},
        {Misbehaviour::create_reset, 200, Delivery::reset, true},
        {Misbehaviour::create_stall, 200, Delivery::stall, true},
        {Misbehaviour::create_garbage, 200, Delivery::whole, true},
        {Misbehaviour::create_html, 200, Delivery::whole, false},
        {Misbehaviour::create_truncated, 200, Delivery::half, true},
        {Misbehaviour::create_busy, 429, Delivery::whole, false},
        {Misbehaviour::balance, 402, Delivery::whole, false},
    }};
    for (const Spoiled& spoiled : cases) {
        CAPTURE(name_of(spoiled.what));
        Rig rig(always(spoiled.what));
        const Reply reply = rig.create();
        CHECK(reply.status == spoiled.status);
        CHECK(reply.delivery == spoiled.delivery);
        CHECK(reply.record.empty() == !spoiled.creates);
        if (reply.delivery == Delivery::whole) CHECK_FALSE(has_id(reply));
        const Report report = rig.provider.report();
        CHECK(report.predictions == (spoiled.creates ? 1 : 0));
        CHECK(report.creates_accepted == report.predictions);
        CHECK(report.misbehaved.at(std::string(name_of(spoiled.what))) == 1);
    }
}

TEST_CASE("a create whose answer was lost is found in the list and can be polled") {
    Rig rig(always(Misbehaviour::create_lost));
    rig.create("A gull");
    const auto list = json_of(rig.ask("GET", "/v1/executions").body);
    REQUIRE(list["executions"].Size() == 1);
    const std::string id(string_member(list["executions"][0], "id"));
    CHECK(canonical_json(rig.poll(id)["input"]) == R"({"prompt":"A gull"})");
}

TEST_CASE("a spoiled create keeps to the limits all the same") {
    ProviderOptions options = always(Misbehaviour::create_lost);
    options.limits.creates = 1;
    Rig rig(options);
    rig.create();
    CHECK(rig.create().status == 429);
    CHECK(rig.provider.report().predictions == 1);
    CHECK(rig.provider.report().misbehaved.at("create-lost") == 1);
}

TEST_CASE("an invalid create is refused as such even where its answer would be spoiled") {
    Rig rig(always(Misbehaviour::create_500_created));
    CHECK(rig.ask("POST", "/v1/prediction/", "{}").status == 400);
    CHECK(rig.provider.report().predictions == 0);
}

TEST_CASE("with auth, every keyed request is refused with 401 and has no effect") {
    Rig rig(always(Misbehaviour::auth));
    CHECK(rig.create().status == 401);
    CHECK(rig.ask("GET", "/v1/prediction/x").status == 401);
    CHECK(rig.ask("POST", "/v1/prediction/x/cancel").status == 401);
    CHECK(rig.ask("GET", "/v1/executions").status == 401);
    CHECK(rig.ask("GET", "/v1/models").status == 200);
    CHECK(rig.provider.report().predictions == 0);
}

TEST_CASE("each spoiled poll keeps the end from the client, and the prediction goes on") {
    const auto poll = [](Misbehaviour what) {
        Rig rig(always(what));
        const std::string id = rig.created();
        rig.passed = 10s;
        Reply reply = rig.ask("GET", "/v1/prediction/" + id);
        CHECK(rig.provider.report().ends_unobserved == 1);
        return reply;
    };
    CHECK(poll(Misbehaviour::poll_500).status == 500);
    CHECK(poll(Misbehaviour::poll_404).status == 404);
    CHECK(poll(Misbehaviour::poll_stall).delivery == Delivery::stall);
    CHECK(poll(Misbehaviour::poll_reset).delivery == Delivery::reset);
    const Reply garbage = poll(Misbehaviour::poll_garbage);
    rapidjson::Document body;
    CHECK(garbage.status == 200);
    CHECK(parse_json(garbage.body, body) != "");
}

TEST_CASE("a status can go backwards, even after the end, and the end then counts as unobserved") {
    Rig rig(always(Misbehaviour::poll_backwards));
    const std::string id = rig.created();
    CHECK(rig.status(id) == "created");
    rig.passed = 5s;
    CHECK(rig.status(id) == "starting");
    rig.passed = 10s;
    CHECK(rig.status(id) == "processing");
    CHECK(rig.provider.report().ends_unobserved == 1);
}

TEST_CASE("a stale list is up to two minutes behind, less with speed, and catches up") {
    CHECK(newest_missing_for(1) > 0s);
    CHECK(newest_missing_for(1) <= 120s);
    CHECK(newest_missing_for(100) <= 1'200ms);
}

TEST_CASE("a create that happens late is closed without an answer and comes within half a minute") {
    Rig rig(always(Misbehaviour::create_late));
    const Reply reply = rig.create("A gull");
    CHECK(reply.delivery == Delivery::close);
    CHECK(reply.record.empty());
    CHECK(listed(rig).empty());
    CHECK(rig.provider.report().predictions == 0);
    CHECK(rig.provider.report().creates_pending == 1);
    CHECK(rig.provider.report().misbehaved.at("create-late") == 1);
    rig.passed = 30s;
    const Reply later = rig.ask("GET", "/v1/executions");
    CHECK(string_member(json_of(later.record), "event") == "created");
    REQUIRE(listed(rig).size() == 1);
    CHECK(canonical_json(rig.poll(listed(rig)[0])["input"]) == R"({"prompt":"A gull"})");
    CHECK(rig.provider.report().predictions == 1);
    CHECK(rig.provider.report().creates_accepted == 1);
    CHECK(rig.provider.report().creates_pending == 0);
}

TEST_CASE("a late create is dated when it happens, and the list stays in order") {
    ProviderOptions options = ten_seconds();
    options.misbehave.at(static_cast<std::size_t>(Misbehaviour::create_late)) = 0.5;
    options.limits = {.creates = 1'000, .per = 60s, .concurrent = 1'000};
    Rig rig(options);
    for (int i = 0; i < 100; ++i, rig.passed += 1s) rig.create(fmt::format("Shot {}", i));
    rig.passed += 30s;
    const auto page = json_of(rig.ask("GET", "/v1/executions", "", {{"limit", "100"}}).body);
    REQUIRE(page["executions"].Size() == 100);
    for (rapidjson::SizeType i = 1; i < 100; ++i) {
        CHECK(string_member(page["executions"][i], "created_at") <=
              string_member(page["executions"][i - 1], "created_at"));
    }
    CHECK(rig.provider.report().misbehaved.at("create-late") > 20);
}

TEST_CASE("a late create counts in the window when its request arrives, and in flight when it happens") {
    ProviderOptions options = always(Misbehaviour::create_late);
    options.limits.creates = 1;
    Rig rig(options);
    rig.create();
    CHECK(rig.create().status == 429);
    CHECK(rig.provider.report().most_in_flight == 0);
    rig.passed = 60s;
    CHECK(rig.create().status == 200);
    CHECK(rig.provider.report().most_in_flight == 1);
    CHECK(rig.provider.report().most_creates_in_window == 1);
}

TEST_CASE("speed makes late creates less late") {
    ProviderOptions options = always(Misbehaviour::create_late);
    options.speed = 100;
    Rig rig(options);
    rig.create();
    rig.passed = 300ms;
    CHECK(listed(rig).size() == 1);
}

TEST_CASE("an echo can be reordered and says the same") {
    Rig rig(always(Misbehaviour::echo_reordered));
    const Reply reply = rig.ask("POST", "/v1/prediction/",
                                R"({"model":"kling-o3-pro-text-to-video",)"
                                R"("input":{"a":1,"b":[0.5,"x"],"seed":9007199254740993}})");
    const std::string id(string_member(json_of(reply.body), "predictionID"));
    const Reply poll = rig.ask("GET", "/v1/prediction/" + id);
    CHECK(poll.body.find(R"({ "\u0073eed" : 90071992547409930e-1, "\u0062" : [ 5.0)") != std::string::npos);
    CHECK(canonical_json(json_of(poll.body)["input"]["b"]) == R"([0.5,"x"])");
    CHECK(string_member(json_of(poll.body), "id") == id);
    CHECK(rig.provider.report().misbehaved.at("echo-reordered") == 1);
}

TEST_CASE("a short list lacks one row, and the page stays full where more rows follow") {
    ProviderOptions options = always(Misbehaviour::list_short);
    options.limits.concurrent = 100;
    Rig rig(options);
    CHECK(listed(rig).empty());
    std::vector<std::string> made;
    for (int i = 0; i < 25; ++i) made.insert(made.begin(), rig.created());
    const auto whole = json_of(rig.ask("GET", "/v1/executions", "", {{"limit", "100"}}).body);
    CHECK(whole["executions"].Size() == 24);
    CHECK(whole["total_count"].GetInt() == 24);
    const auto page = listed(rig); // Of 20 rows.
    REQUIRE(page.size() == 20);
    const auto gap = static_cast<std::size_t>(std::ranges::mismatch(page, made).in1 - page.begin());
    REQUIRE(gap < 20);
    CHECK(std::equal(page.begin() + static_cast<std::ptrdiff_t>(gap), page.end(),
                     made.begin() + static_cast<std::ptrdiff_t>(gap) + 1));
}

TEST_CASE("the list can fail") {
    CHECK(Rig(always(Misbehaviour::list_403)).ask("GET", "/v1/executions").status == 403);
    CHECK(Rig(always(Misbehaviour::list_stall)).ask("GET", "/v1/executions").delivery == Delivery::stall);
    CHECK(Rig(always(Misbehaviour::list_404)).ask("GET", "/v1/executions").status == 404);
    CHECK(Rig(always(Misbehaviour::list_500)).ask("GET", "/v1/executions").status == 500);
}

TEST_CASE("a cancel can be acknowledged and ignored, or fail") {
    for (const auto& [what, status] :
         {std::pair{Misbehaviour::cancel_ignored, 200}, std::pair{Misbehaviour::cancel_500, 500}}) {
        Rig rig(always(what));
        const std::string id = rig.created();
        CHECK(rig.ask("POST", "/v1/prediction/" + id + "/cancel").status == status);
        rig.passed = 10s;
        CHECK(rig.status(id) == "success");
    }
}

} // namespace reeld::sandbox
