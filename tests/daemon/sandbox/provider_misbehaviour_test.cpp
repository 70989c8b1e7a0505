#include "tests/daemon/sandbox/rig.h"

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

TEST_CASE("the list can fail") {
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
