#include "daemon/sandbox/record.h"

#include "tests/daemon/sandbox/rig.h"

namespace reeld::sandbox {

using namespace test;

namespace {

/// A provider of another process: another clock, the same calendar, `later` after the first one began.
struct NextRig : Rig {
    NextRig(const std::vector<std::string>& lines, Duration later, ProviderOptions options = ten_seconds())
        : Rig(std::move(options)) {
        passed = later;
        for (const std::string& line : lines) {
            CHECK(provider.restore(line, {kStart + passed, kMorning + passed}) == "");
        }
    }
};

} // namespace

TEST_CASE("a provider started again knows its predictions, their inputs and when they end") {
    Rig rig;
    const std::string line = rig.create("A gull").record;
    NextRig next({line}, 9s);
    const auto listed = json_of(next.ask("GET", "/v1/executions").body);
    REQUIRE(listed["executions"].Size() == 1);
    const std::string id(string_member(listed["executions"][0], "id"));
    CHECK(string_member(listed["executions"][0], "created_at") == "2026-05-25T08:30:00.000Z");
    CHECK(next.status(id) == "processing");
    CHECK(string_member(next.poll(id)["input"], "prompt") == "A gull");
    next.passed = 10s;
    CHECK(next.status(id) == "success");
}

TEST_CASE("how a prediction ends is remembered, not drawn again") {
    Rig rig(always(Ending::moderation));
    const std::string line = rig.create().record;
    NextRig next({line}, 20s);
    const auto listed = json_of(next.ask("GET", "/v1/executions").body);
    CHECK(string_member(listed["executions"][0], "status") == "error");
}

TEST_CASE("a cancellation is remembered") {
    Rig rig;
    const std::string created = rig.create().record;
    const std::string id(string_member(json_of(created), "id"));
    rig.passed = 2s;
    const std::string cancelled = rig.ask("POST", "/v1/prediction/" + id + "/cancel").record;
    NextRig next({created, cancelled}, 3s);
    CHECK(next.status(id) == "cancelled");
    CHECK(next.poll(id)["metrics"]["predict_time"].GetDouble() == 2);
}

TEST_CASE("the limits hold across a restart: predictions of before count in the window and take slots") {
    ProviderOptions options = ten_seconds();
    options.limits = {.creates = 2, .per = 60s, .concurrent = 1};
    Rig rig(options);
    const std::string line = rig.create().record;
    NextRig next({line}, 5s, options);
    CHECK(string_member(json_of(next.create().body), "details") == "more than 1 concurrent predictions");
    next.passed = 10s;
    CHECK(next.create().status == 200);
    next.passed = 20s;
    CHECK(string_member(json_of(next.create().body), "details") ==
          "more than 2 predictions created in 60 seconds");
    next.passed = 60s;
    CHECK(next.create().status == 200);
}

TEST_CASE("an input created before and after a restart is reported as created twice") {
    Rig rig;
    const std::string line = rig.create("A gull").record;
    NextRig next({line}, 30s);
    next.create("A gull");
    CHECK(next.provider.report().identical_inputs.size() == 1);
    CHECK(next.provider.report().predictions == 2);
    CHECK(next.provider.report().creates_accepted == 1);
    CHECK(next.provider.report().ideal_makespan_s == 10.0);
}

TEST_CASE("draws go on after those of before, so no id and no time comes twice") {
    ProviderOptions options = ten_seconds();
    options.spread = 0.5;
    Rig rig(options);
    std::vector<std::string> lines = {rig.create("1").record, rig.create("2").record};
    const std::string third = rig.create("3").record;
    NextRig next(lines, 0s, options);
    CHECK(next.create("3").record == third);
}

TEST_CASE("a line that makes no sense is refused with the reason") {
    Rig rig;
    const std::string line = rig.create().record;
    const auto complaint = [](const std::vector<std::string>& lines) {
        Rig next;
        std::string last;
        for (const std::string& text : lines) last = next.provider.restore(text, {Rig::kStart, kMorning});
        return last;
    };
    CHECK(complaint({line}) == "");
    CHECK(complaint({line, line}) == "it creates a prediction a second time");
    CHECK(complaint({"[]"}) == "it names no prediction");
    CHECK(complaint({R"({"event":"lost","id":"x"})"}) == "it is neither a creation nor a cancellation");
    CHECK(complaint({R"({"event":"cancelled","id":"x","at_us":1})"}) ==
          "it cancels a prediction that was never created");
    CHECK(complaint({R"({"event":"created","id":"x","model":"y"})"}) ==
          "it is of the model y, which this sandbox does not have; add --model y");
    CHECK(complaint({R"({"event":"created","id":"x","model":"kling-o3-pro-text-to-video"})"}) ==
          "a field of the prediction is missing or has the wrong type");
    CHECK(complaint({"{"}) != "");
}

} // namespace reeld::sandbox
